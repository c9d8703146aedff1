package io.github.ioqueue.tests.tls;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.testkit.PeerTruth;
import io.github.ioqueue.testkit.PeerTruth.End;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The other end of a connection, led by hand: TLS by an engine on arrays over a blocking socket, with every way to end it
 * or to break it off. It writes down what it sees; what its application sees goes to a {@link PeerTruth}. One thread at a
 * time.
 */
final class HandPeer implements AutoCloseable {

    /** A record of application data, as far as its header goes. */
    private static final byte[] NONSENSE = {
        23, 3, 3, 0, 32, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
        27, 28, 29, 30, 31, 32
    };

    private static final byte[] CLOSE_NOTIFY_IN_THE_CLEAR = {21, 3, 3, 0, 2, 1, 0};
    private static final int HEADER = 5;
    private static final byte ALERT = 21;

    interface Answer {
        void to(HandPeer peer) throws IOException;
    }

    private final Socket socket;
    private final TlsEngine engine;
    private final PeerTruth truth;
    private final byte[] chunk = new byte[16 << 10];
    private final ByteBuffer netIn = ByteBuffer.allocate(128 << 10).flip();
    private final ByteBuffer netOut = ByteBuffer.allocate(64 << 10);
    private final ByteBuffer appOut = ByteBuffer.allocate(64 << 10);
    private final List<String> saw = new ArrayList<>();
    private final ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
    private boolean failed;
    private int dataRecords;
    private int otherRecords;

    HandPeer(Socket socket, TlsEngine engine) throws IOException {
        this(socket, engine, new PeerTruth("to the peer"));
    }

    HandPeer(Socket socket, TlsEngine engine, PeerTruth truth) throws IOException {
        this.socket = socket;
        this.engine = engine;
        this.truth = truth;
        socket.setSoTimeout(1000 * TlsRig.DEADLINE_SECONDS);
        socket.setTcpNoDelay(true);
    }

    // ---- what it does

    void handshake() throws IOException {
        flush();
        while (!engine.handshakeDone()) {
            if (!read()) {
                throw new EOFException("the connection ended in the handshake");
            }
            decrypt();
        }
        flush();
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer appIn = ByteBuffer.wrap(bytes);
        while (appIn.hasRemaining()) {
            netOut.clear();
            Step step = engine.send(appIn, netOut);
            write();
            if (step != Step.PROGRESS) {
                throw new IOException("it cannot send: " + step);
            }
        }
    }

    void closeNotify() throws IOException {
        engine.closeNotify();
        flush();
    }

    void closeNotifyInTheClear() throws IOException {
        socket.getOutputStream().write(CLOSE_NOTIFY_IN_THE_CLEAR);
    }

    /** Sends these bytes, in hexadecimal, as they are. */
    void raw(String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Changes its keys, and has the other end change theirs. */
    void rekey() throws IOException {
        engine.rekey();
        flush();
    }

    /** What looks like a record and is none of this connection's. */
    void nonsense() throws IOException {
        raw(NONSENSE.length);
    }

    /** The beginning of it. */
    void raw(int bytes) throws IOException {
        socket.getOutputStream().write(NONSENSE, 0, bytes);
    }

    /** Ends its stream. */
    void end() throws IOException {
        if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    // ---- what it sees

    /** Reads until so many bytes of plaintext have come since the beginning. */
    void read(int bytes) throws IOException {
        while (plaintext.size() < bytes) {
            if (!read()) {
                throw new EOFException("the end after " + plaintext.size() + " bytes");
            }
            decrypt();
        }
    }

    /** Goes through with the handshake, then as {@link #readToTheEnd}. */
    void handshakeAndReadToTheEnd(Answer toCloseNotify) {
        try {
            flush();
        } catch (IOException e) {
            saw("a reset", End.RESET);
        }
        readToTheEnd(toCloseNotify);
    }

    /** Reads until the other end has ended the connection, gives this answer to its close_notify, and closes. */
    void readToTheEnd(Answer toCloseNotify) {
        boolean answered = false;
        try {
            while (read()) {
                decrypt();
                if (!failed && engine.inboundClosed() && !answered) {
                    answered = true;
                    saw("close_notify", End.CLEAN);
                    toCloseNotify.to(this);
                }
            }
            saw("the end", End.TRUNCATED); // unless there was a close_notify or an alert
            socket.close();
        } catch (IOException e) {
            sawNoMore();
        }
    }

    private void sawNoMore() {
        if (isClosed()) {
            saw("(its own doing)");
        } else {
            saw("a reset", End.RESET);
        }
    }

    /** Reads likewise, and looks for alerts only: before the handshake is done an engine may send much or little. */
    void readInTheHandshake() {
        try {
            while (read()) {
                lookForAlerts();
            }
            saw("the end", End.TRUNCATED);
            socket.close();
        } catch (IOException e) {
            sawNoMore();
        }
    }

    private void lookForAlerts() {
        int at = netIn.position();
        while (netIn.remaining() >= HEADER && netIn.remaining() >= HEADER + netIn.getShort(at + 3)) {
            if (netIn.get(at) == ALERT && netIn.getShort(at + 3) == 2) {
                boolean closeNotify = netIn.get(at + HEADER + 1) == 0;
                saw(closeNotify ? "close_notify" : "an alert", closeNotify ? End.CLEAN : End.ALERT);
            }
            at += HEADER + netIn.getShort(at + 3);
            netIn.position(at);
        }
    }

    private boolean read() throws IOException {
        int n = socket.getInputStream().read(chunk, 0, Math.min(chunk.length, netIn.capacity() - netIn.remaining()));
        if (n > 0) {
            netIn.compact().put(chunk, 0, n).flip();
        }
        return n >= 0;
    }

    private void decrypt() throws IOException {
        Step step = Step.PROGRESS;
        try {
            while (step == Step.PROGRESS || step == Step.WANT_FLUSH || step == Step.WANT_TASK) {
                step = step == Step.WANT_TASK ? work() : receive();
                if (!engine.inboundClosed()) {
                    flush(); // else it would answer of itself, with TLS 1.2
                }
            }
        } catch (TlsException e) {
            if (!failed) {
                failed = true;
                saw(e.reason() == TlsException.Reason.PEER_ALERT ? "an alert" : "a breach", End.ALERT);
            }
        }
        if (step == Step.CLOSED || failed) {
            netIn.position(netIn.limit());
        }
    }

    private Step receive() throws TlsException {
        int before = netIn.remaining();
        Step step = engine.receive(netIn, appOut.clear());
        if (appOut.position() > 0) {
            if (plaintext.size() == 0) {
                saw("bytes");
            }
            dataRecords++;
            plaintext.write(appOut.array(), 0, appOut.position());
            truth.received(appOut.position());
        } else if (netIn.remaining() < before) {
            otherRecords++;
        }
        return step;
    }

    private Step work() {
        engine.takeTask().run();
        return Step.PROGRESS;
    }

    private void flush() throws IOException {
        Step step = Step.PROGRESS;
        while (step == Step.PROGRESS) {
            netOut.clear();
            step = engine.flush(netOut);
            write();
            if (step == Step.WANT_TASK) {
                step = work();
            }
        }
    }

    private void write() throws IOException {
        if (!socket.isOutputShutdown()) {
            socket.getOutputStream().write(netOut.array(), 0, netOut.position());
        }
    }

    private void saw(String what, End end) {
        saw(what);
        truth.ended(end);
    }

    private synchronized void saw(String what) {
        saw.add(what);
    }

    synchronized String seen() {
        return String.join(", ", saw);
    }

    // ---- to be asked when reading is over

    byte[] received() {
        return plaintext.toByteArray();
    }

    int dataRecords() {
        return dataRecords;
    }

    /** Those without data; the handshake's are among them. */
    int otherRecords() {
        return otherRecords;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        engine.close();
    }
}
