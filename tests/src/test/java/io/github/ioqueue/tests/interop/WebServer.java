package io.github.ioqueue.tests.interop;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of HTTP/1.1 as curl needs: a GET is answered with the content, a PUT with the checksum of its body. One request a
 * connection.
 */
final class WebServer implements AutoCloseable {

    private final byte[] content;
    private final IoQueueGroup group;
    private final ActiveListener listener;
    private final BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();

    WebServer(StreamLayer layer, byte[] content) throws IOException {
        this.content = content;
        group = IoQueueGroup.open(1, IoQueueConfig.defaults());
        listener = Listener.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .through(layer)
                .open(group, accepted -> new Request());
    }

    String url() {
        return "https://localhost:" + ((InetSocketAddress) listener.localAddress()).getPort() + "/";
    }

    /** Waits for the next connection to end; null when the time is over. */
    CloseReason awaitEnd(long timeout, TimeUnit unit) throws InterruptedException {
        return ends.poll(timeout, unit);
    }

    @Override
    public void close() {
        group.close();
    }

    private final class Request implements StreamHandler {

        private static final Pattern HEAD = Pattern.compile("(?s)(\\S+) .*?\r\n\r\n");
        private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");
        private static final int PIECE = 100_000;

        private final MessageDigest digest = Bytes.digest();
        private boolean headSeen;
        private long bodyLeft;
        private ByteBuffer answer = ByteBuffer.allocate(0);

        @Override
        public void onData(StreamSocket socket, ByteBuffer in) {
            if (!headSeen) {
                takeHead(socket, in);
            }
            if (headSeen && bodyLeft > 0) {
                takeBody(socket, in);
            }
        }

        private void takeHead(StreamSocket socket, ByteBuffer in) {
            Matcher head = HEAD.matcher(StandardCharsets.ISO_8859_1.decode(in.duplicate()));
            if (!head.lookingAt()) {
                return; // the rest is to come
            }
            headSeen = true;
            in.position(in.position() + head.end());
            if (head.group(1).equals("GET")) {
                answer(socket, content);
            } else {
                Matcher length = LENGTH.matcher(head.group());
                bodyLeft = length.find() ? Long.parseLong(length.group(1)) : 0;
            }
        }

        private void takeBody(StreamSocket socket, ByteBuffer in) {
            bodyLeft -= in.remaining();
            digest.update(in);
            if (bodyLeft == 0) {
                answer(socket, Bytes.hex(digest).getBytes(StandardCharsets.US_ASCII));
            }
        }

        private void answer(StreamSocket socket, byte[] body) {
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n";
            socket.send(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            answer = ByteBuffer.wrap(body);
            onWritable(socket);
        }

        @Override
        public void onWritable(StreamSocket socket) {
            while (answer.hasRemaining()) {
                ByteBuffer piece = answer.slice(answer.position(), Math.min(PIECE, answer.remaining()));
                if (socket.send(piece) != Sent.TAKEN) {
                    return;
                }
                answer.position(answer.position() + piece.limit());
            }
            socket.close();
        }

        @Override
        public void onClosed(StreamSocket socket, CloseReason why) {
            ends.add(why);
        }
    }
}
