package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;

/** A hostile peer on a real socket. Blocks; what takes longer than its deadline fails. */
public final class SocketPeer implements PeerEnd, AutoCloseable {

    private static final int DEADLINE_MILLIS = 30_000;
    private static final int BUFFER = 1 << 16;

    private final Socket socket;
    private final End own;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    /** Speaks by this engine, through a connected socket, which is its own from here on. */
    public SocketPeer(Socket socket, TlsEngine engine) throws IOException {
        this.socket = socket;
        this.own = End.of("peer", engine);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(DEADLINE_MILLIS);
    }

    @Override
    public TlsEngine engine() {
        return own.engine();
    }

    @Override
    public byte[] takeSaid() {
        own.work();
        return own.takeSaid();
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public boolean listen() throws IOException {
        byte[] buffer = new byte[BUFFER];
        int n = socket.getInputStream().read(buffer);
        if (n > 0) {
            heard.write(buffer, 0, n);
            own.inject(Arrays.copyOf(buffer, n));
        }
        return n > 0;
    }

    /** Hears all until the other end has ended; answers every byte that ever came from it. */
    public byte[] hearAll() {
        try {
            while (listen()) {
                own.takeSaid(); // it has nothing more to say
            }
        } catch (IOException e) {
            // A reset is an end, too.
        }
        return heard.toByteArray();
    }

    @Override
    public void encrypt(byte[] plaintext) {
        own.send(plaintext);
    }

    @Override
    public void end() throws IOException {
        if (!socket.isClosed()) {
            socket.shutdownOutput();
        }
    }

    @Override
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        own.engine().close();
        socket.close();
    }
}
