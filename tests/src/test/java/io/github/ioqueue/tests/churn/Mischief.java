package io.github.ioqueue.tests.churn;

import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import java.nio.ByteBuffer;

/** Ways to fail a handshake without TLS: what a peer does that only has a socket. */
enum Mischief implements StreamHandler {
    /** Says something else than TLS. */
    GARBAGE {
        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(ByteBuffer.wrap(new byte[] {'G', 'E', 'T', ' ', '/', '\r', '\n', '\r', '\n'}));
        }
    },

    /** Ends in the middle of the first record. */
    CUT {
        @Override
        public void onOpen(StreamSocket socket) {
            ByteBuffer hello = Hello.bytes();
            socket.send(hello.limit(hello.limit() / 2));
            socket.close();
        }
    },

    /** Ends when it has heard the server. */
    CUT_LATER {
        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(Hello.bytes());
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.position(in.limit());
            socket.close();
        }
    },

    /** Resets when it has heard the server. */
    RESET {
        @Override
        public void onOpen(StreamSocket socket) {
            socket.send(Hello.bytes());
        }

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            in.position(in.limit());
            socket.abort();
        }
    },

    /** Says nothing, until it is thrown out. */
    SILENT;

    @Override
    public void onData(StreamSocket socket, ByteBuffer in) {
        in.position(in.limit()); // the alert
    }
}
