package io.github.ioqueue.testkit;

import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.Script.Answer;
import io.github.ioqueue.testkit.Script.Verb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A scripted stream socket. {@link #input} scripts reads, {@link #output} writes, {@link #connecting} the connect: its
 * first answer is for the connect itself, the next for finishing it.
 */
public final class ScriptedStreamPort extends ScriptedPort implements StreamPort {

    private final Script input = new Script(this::changed);
    private final Script output = new Script(this::changed);
    private final Script connecting = new Script(this::changed);
    private final OutputRecord record = new OutputRecord();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private @Nullable SocketAddress remote;
    private @Nullable IOException shutdownFailure;
    private boolean connected;
    private boolean outputShut;
    private boolean reset;

    private ScriptedStreamPort(boolean connected) {
        this.connected = connected;
    }

    /** A socket that is connected. */
    public static ScriptedStreamPort connected() {
        return new ScriptedStreamPort(true);
    }

    /** A socket that is not connected. */
    public static ScriptedStreamPort unconnected() {
        return new ScriptedStreamPort(false);
    }

    // ---- for the test

    /** This port as a socket to register. */
    public IoSocket socket() {
        return OnePortBackend.socket(this);
    }

    /** What reads find. */
    public Script input() {
        return input;
    }

    /** What writes meet. */
    public Script output() {
        return output;
    }

    /** How connecting goes. */
    public Script connecting() {
        return connecting;
    }

    /** Has {@code shutdownOutput} fail. */
    public synchronized void failShutdown(IOException failure) {
        shutdownFailure = failure;
    }

    /** All bytes written so far. */
    public synchronized byte[] written() {
        return written.toByteArray();
    }

    /** All bytes written so far, as characters in UTF-8. */
    public synchronized String writtenText() {
        return written.toString(StandardCharsets.UTF_8);
    }

    /** Whether the output was shut down. */
    public synchronized boolean isOutputShut() {
        return outputShut;
    }

    @Override
    int scriptedBits() {
        return (input.isEmpty() ? 0 : Demultiplexer.READ)
                | (output.isEmpty() ? 0 : Demultiplexer.WRITE)
                | (connecting.isEmpty() ? 0 : Demultiplexer.CONNECT);
    }

    // ---- the seam

    @Override
    public synchronized void bind(SocketAddress address) {
        called("bind");
        local = address;
    }

    @Override
    public synchronized boolean connect(SocketAddress address) throws IOException {
        called("connect");
        remote = address;
        return connectingOn();
    }

    @Override
    public synchronized boolean finishConnect() throws IOException {
        called("finishConnect");
        return connectingOn();
    }

    private boolean connectingOn() throws IOException {
        Answer answer = connecting.next(Verb.DONE);
        connected = answer.verb == Verb.DONE;
        connecting.used(answer);
        return connected;
    }

    @Override
    public synchronized boolean isConnected() {
        return connected;
    }

    @Override
    public synchronized @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public synchronized int read(ByteBuffer dst) throws IOException {
        called("read " + dst.remaining());
        Answer answer = next(input, Verb.GIVE, Verb.END);
        if (answer.verb == Verb.END) {
            return END;
        }
        ByteBuffer bytes = answer.bytes;
        if (bytes == null) {
            return answer.verb == Verb.ZERO ? 0 : WOULD_BLOCK;
        }
        ByteBuffer source = answer.forever ? bytes.duplicate() : bytes;
        int n = Math.min(dst.remaining(), source.remaining());
        dst.put(source.slice(source.position(), n));
        source.position(source.position() + n);
        if (!source.hasRemaining()) {
            input.used(answer);
        }
        return n;
    }

    @Override
    public synchronized int write(ByteBuffer src) throws IOException {
        called("write " + src.remaining());
        return (int) take(new ByteBuffer[] {src}, 1);
    }

    @Override
    public synchronized long gather(ByteBuffer[] srcs, int count) throws IOException {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += srcs[i].remaining();
        }
        called("gather " + bytes + " of " + count);
        return take(srcs, count);
    }

    /** A scripted reset ends the connection: no clean end can follow. */
    private Answer next(Script script, Verb... wanted) throws IOException {
        try {
            return script.next(wanted);
        } catch (ResetException e) {
            reset = true;
            throw e;
        }
    }

    private long take(ByteBuffer[] srcs, int count) throws IOException {
        if (outputShut) {
            throw new IOException("written after shutdownOutput");
        }
        Answer answer = next(output, Verb.TAKE);
        if (answer.verb != Verb.TAKE) {
            return answer.verb == Verb.ZERO ? 0 : WOULD_BLOCK;
        }
        int left = answer.most;
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[Math.min(left, srcs[i].remaining())];
            srcs[i].get(bytes);
            written.writeBytes(bytes);
            left -= bytes.length;
        }
        output.used(answer);
        record.sent((long) answer.most - left);
        return (long) answer.most - left;
    }

    @Override
    public synchronized void shutdownOutput() throws IOException {
        called("shutdownOutput");
        if (shutdownFailure != null) {
            throw shutdownFailure;
        }
        outputShut = true;
        record.ended(this, "its script");
    }

    /** Every option set so far, and those that a stream socket cannot do without. */
    @Override
    public synchronized Set<SocketOption<?>> supportedOptions() {
        Set<SocketOption<?>> options = new HashSet<>(super.supportedOptions());
        options.add(StandardSocketOptions.SO_LINGER);
        options.add(OutputRecord.OPTION);
        return options;
    }

    @Override
    public synchronized <T> @Nullable T option(SocketOption<T> name) {
        return name == OutputRecord.OPTION ? name.type().cast(record) : super.option(name);
    }

    @Override
    void closing() {
        Integer linger = option(StandardSocketOptions.SO_LINGER);
        if (connected && !reset && (linger == null || linger != 0)) {
            record.ended(this, "its script");
        }
    }
}
