package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Two engines and the bytes between them: no socket, no thread. It drives them as the flow does and watches the contract:
 * a step that says {@code PROGRESS} has moved something, and nothing takes more steps than its bytes account for.
 *
 * <pre>
 *   client ---- wire, in chunks of any size ---- server
 * </pre>
 */
public final class EnginePipe implements AutoCloseable {

    private static final int STEPS_AT_REST = 400;

    private final End client;
    private final End server;
    private int chunk = Integer.MAX_VALUE;

    /** Connects two engines that have not begun. */
    public EnginePipe(TlsEngine client, TlsEngine server) {
        this.client = new End("client", client);
        this.server = new End("server", server);
    }

    /** The end that begins. */
    public End client() {
        return client;
    }

    /** The other end. */
    public End server() {
        return server;
    }

    /** Delivers at most so many bytes at a time. */
    public EnginePipe chunk(int bytes) {
        chunk = bytes;
        return this;
    }

    /** Moves everything there is to move; answers itself. */
    public EnginePipe pump() {
        boolean moved = true;
        for (int quiet = 0; quiet < 2; quiet = moved ? 0 : quiet + 1) {
            moved = client.work();
            moved |= server.work();
            moved |= client.deliver(server, chunk);
            moved |= server.deliver(client, chunk);
        }
        return this;
    }

    /** Pumps until both handshakes are done. */
    public EnginePipe handshake() {
        pump();
        if (!client.engine.handshakeDone() || !server.engine.handshakeDone()) {
            throw new AssertionError("the handshake is not done\n" + client + "\n" + server);
        }
        return this;
    }

    @Override
    public void close() {
        client.engine.close();
        server.engine.close();
    }

    /** One engine with its buffers. */
    public static final class End {

        private final String name;
        private final TlsEngine engine;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private ByteBuffer netIn;
        private ByteBuffer netOut;
        private ByteBuffer appIn;
        private @Nullable TlsException failure;
        private int appOutSize;
        private long steps;
        private long bytes;
        private long said;

        private End(String name, TlsEngine engine) {
            this.name = name;
            this.engine = engine;
            this.netIn = buffer(1 << 17).flip();
            this.netOut = buffer(1 << 17);
            this.appIn = buffer(0);
        }

        /** One end alone, whose bytes the caller carries: by {@link #inject} and {@link #takeSaid}. */
        public static End of(String name, TlsEngine engine) {
            return new End(name, engine);
        }

        private ByteBuffer buffer(int size) {
            return engine.memory() == Memory.HEAP ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        }

        /** Its engine. */
        public TlsEngine engine() {
            return engine;
        }

        /** What it failed with, or null. */
        public @Nullable TlsException failure() {
            return failure;
        }

        /** The plaintext that came, since this was last asked. */
        public byte[] takeReceived() {
            byte[] all = received.toByteArray();
            received.reset();
            return all;
        }

        /** Has this sent; it goes with the next pump. */
        public void send(byte[] plaintext) {
            ByteBuffer more = buffer(appIn.remaining() + plaintext.length);
            appIn = more.put(appIn).put(plaintext).flip();
        }

        /** How many bytes of plaintext wait. */
        public int unsent() {
            return appIn.remaining();
        }

        /** Puts bytes into its input as if the other end had sent them. */
        public void inject(byte[] ciphertext) {
            put(ByteBuffer.wrap(ciphertext));
        }

        /** What it has to say and was not delivered; to be read, or changed. */
        public ByteBuffer wire() {
            return netOut.duplicate().flip();
        }

        /** What it has to say and was not delivered: the caller's now. */
        public byte[] takeSaid() {
            byte[] all = bytesOf(wire());
            said += all.length;
            netOut.clear();
            return all;
        }

        /** How many bytes of it were delivered to the other end. */
        public long said() {
            return said;
        }

        /** Decrypts into buffers of this size instead of the one the engine asks for. */
        public void appOutSize(int size) {
            appOutSize = size;
        }

        /** One round of all it can do; answers whether anything moved. */
        public boolean work() {
            long before = bytes;
            boolean factsBefore = engine.handshakeDone();
            try {
                flush();
                Step step = Step.PROGRESS;
                while (step == Step.PROGRESS) {
                    step = receive();
                }
                step = Step.PROGRESS;
                while (step == Step.PROGRESS && appIn.hasRemaining() && engine.handshakeDone()) {
                    step = encrypt();
                }
                flush();
            } catch (TlsException e) {
                failure = failure == null ? e : failure;
                flushQuietly();
            }
            return bytes != before || engine.handshakeDone() != factsBefore;
        }

        private Step receive() throws TlsException {
            ByteBuffer out = buffer(appOutSize > 0 ? appOutSize : engine.appSize());
            int before = netIn.remaining();
            boolean facts = engine.handshakeDone() || engine.inboundClosed();
            Step step = engine.receive(netIn, out);
            int consumed = before - netIn.remaining();
            boolean newFacts = facts != (engine.handshakeDone() || engine.inboundClosed());
            note(step, consumed + out.position(), newFacts);
            received.writeBytes(bytesOf(out.flip()));
            flush();
            return step == Step.WANT_TASK ? runTask() : step == Step.WANT_FLUSH ? flush() : step;
        }

        private Step encrypt() throws TlsException {
            room();
            int before = appIn.remaining() + netOut.remaining();
            Step step = engine.send(appIn, netOut);
            note(step, before - appIn.remaining() - netOut.remaining(), false);
            return step == Step.WANT_TASK ? runTask() : step;
        }

        private Step flush() throws TlsException {
            Step step = Step.PROGRESS;
            boolean any = false;
            while (step == Step.PROGRESS) {
                room();
                int before = netOut.remaining();
                boolean facts = engine.handshakeDone();
                step = engine.flush(netOut);
                any |= step == Step.PROGRESS;
                note(step, before - netOut.remaining(), facts != engine.handshakeDone());
                if (step == Step.WANT_TASK) {
                    step = runTask();
                }
            }
            return any ? Step.PROGRESS : step;
        }

        private void flushQuietly() {
            try {
                flush();
            } catch (TlsException e) {
                throw new AssertionError(name + ": flush throws after a failure", e);
            }
        }

        private Step runTask() {
            Runnable task = engine.takeTask();
            if (task == null) {
                throw new AssertionError(name + " wants a task run, and has none");
            }
            task.run();
            return Step.PROGRESS;
        }

        private void note(Step step, int moved, boolean fact) {
            if (step == Step.PROGRESS && moved == 0 && !fact) {
                throw new AssertionError(name + " says PROGRESS and moved nothing");
            }
            bytes += moved;
            steps++;
            if (steps > STEPS_AT_REST + 10 * bytes) {
                throw new AssertionError(name + " spins: " + steps + " steps for " + bytes + " bytes");
            }
        }

        private void room() {
            if (netOut.remaining() < engine.netSize()) {
                netOut = buffer(2 * netOut.capacity()).put(netOut.flip());
            }
        }

        private boolean deliver(End to, int chunk) {
            if (netOut.position() == 0) {
                return false;
            }
            netOut.flip();
            int n = Math.min(chunk, netOut.remaining());
            said += n;
            to.put(netOut.slice(netOut.position(), n));
            netOut.position(netOut.position() + n);
            netOut.compact();
            return true;
        }

        private void put(ByteBuffer more) {
            bytes += more.remaining();
            ByteBuffer all = netIn;
            if (netIn.capacity() - netIn.remaining() < more.remaining()) {
                all = buffer(2 * (netIn.remaining() + more.remaining())).put(netIn);
            } else {
                all.compact();
            }
            netIn = all.put(more).flip();
        }

        private static byte[] bytesOf(ByteBuffer buffer) {
            byte[] all = new byte[buffer.remaining()];
            buffer.get(all);
            return all;
        }

        @Override
        public String toString() {
            return name + ": handshake " + (engine.handshakeDone() ? "done" : "not done") + ", " + netIn.remaining()
                    + " bytes in, " + netOut.position() + " out, failure " + failure;
        }
    }
}
