package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.IntFunction;
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
        private IntFunction<ByteBuffer> buffers = this::wanted;
        private Consumer<Runnable> tasks = Runnable::run;
        private ByteBuffer appOut;
        private long steps;
        private long bytes;
        private long said;
        private long tasksRun;

        private End(String name, TlsEngine engine) {
            this.name = name;
            this.engine = engine;
            this.netIn = buffer(1 << 17).flip();
            this.netOut = buffer(1 << 17);
            this.appIn = buffer(0);
            this.appOut = buffer(0);
        }

        /** One end alone, whose bytes the caller carries: by {@link #inject} and {@link #takeSaid}. */
        public static End of(String name, TlsEngine engine) {
            return new End(name, engine);
        }

        private ByteBuffer buffer(int size) {
            return buffers.apply(size);
        }

        private ByteBuffer wanted(int size) {
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

        /** Takes its buffers from here, from now on, instead of those that the engine works fastest on. */
        public End buffers(IntFunction<ByteBuffer> source) {
            buffers = source;
            netIn = buffer(1 << 17).put(netIn).flip();
            netOut = buffer(1 << 17).put(netOut.flip());
            appIn = buffer(appIn.remaining()).put(appIn).flip();
            appOut = buffer(0);
            return this;
        }

        /** Has the engine's tasks run by this, which returns when they are done; by default where they come up. */
        public End tasks(Consumer<Runnable> runner) {
            tasks = runner;
            return this;
        }

        /** How many tasks were run. */
        public long tasksRun() {
            return tasksRun;
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
            ByteBuffer out = space();
            int before = netIn.remaining();
            boolean facts = engine.handshakeDone() || engine.inboundClosed();
            int room = out.remaining();
            Step step = engine.receive(netIn, out);
            checkSpace(step, room);
            int consumed = before - netIn.remaining();
            boolean newFacts = facts != (engine.handshakeDone() || engine.inboundClosed());
            note(step, consumed + out.position(), newFacts);
            received.writeBytes(bytesOf(out.flip()));
            flush();
            return step == Step.WANT_TASK ? runTask() : step == Step.WANT_FLUSH ? flush() : step;
        }

        private ByteBuffer space() {
            int size = appOutSize > 0 ? appOutSize : engine.appSize();
            if (appOut.capacity() < size) {
                appOut = buffer(size);
            }
            return appOut.clear().limit(size);
        }

        private Step encrypt() throws TlsException {
            room();
            int before = appIn.remaining() + netOut.remaining();
            int room = engine.netSize();
            Step step = engine.send(appIn, netOut);
            checkSpace(step, netOut.remaining());
            note(step, before - appIn.remaining() - netOut.remaining(), false);
            if (step == Step.PROGRESS || step == Step.WANT_FLUSH) {
                flush();
                return Step.PROGRESS;
            }
            return step == Step.WANT_TASK ? runTask() : wantsMore(step, room) ? Step.PROGRESS : step;
        }

        private Step flush() throws TlsException {
            Step step = Step.PROGRESS;
            boolean any = false;
            while (step == Step.PROGRESS) {
                room();
                int before = netOut.remaining();
                boolean facts = engine.handshakeDone();
                int room = engine.netSize();
                step = engine.flush(netOut);
                checkSpace(step, netOut.remaining());
                any |= step == Step.PROGRESS;
                note(step, before - netOut.remaining(), facts != engine.handshakeDone());
                if (step == Step.WANT_TASK) {
                    step = runTask();
                } else if (wantsMore(step, room)) {
                    step = Step.PROGRESS;
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
            tasksRun++;
            tasks.accept(task);
            return Step.PROGRESS;
        }

        /** It has found that it needs more room than it had asked for. */
        private boolean wantsMore(Step step, int room) {
            return step == Step.WANT_NET_SPACE && engine.netSize() > room;
        }

        private void checkSpace(Step step, int room) {
            boolean net = step == Step.WANT_NET_SPACE && room >= engine.netSize();
            if (net || (step == Step.WANT_APP_SPACE && room >= engine.appSize())) {
                throw new AssertionError(name + " says " + step + " with the room it asked for: " + room);
            }
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
            if (netOut.limit(netOut.capacity()).remaining() < engine.netSize()) {
                netOut = buffer(2 * netOut.capacity()).put(netOut.flip());
            }
            netOut.limit(netOut.position() + engine.netSize()); // no more than it asks for
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
