package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.testkit.PeerTruth;
import io.github.ioqueue.testkit.ScriptedBackend;
import io.github.ioqueue.testkit.ssl.MemoryStream;
import io.github.ioqueue.testkit.ssl.ScriptedTls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One run: a TLS socket between an engine of this temper and a stream in memory that takes and gives as it likes, and a
 * user who does anything. The seed decides everything.
 *
 * <pre>
 *   act, some rounds ---- legal, mostly: all that was sent arrives ----> one end of many ----> judge
 * </pre>
 */
final class HostileRun implements User.Judge {

    private static final StreamConfig LIMITS = StreamConfig.defaults().withMaxQueued(200_000, 50);
    private static final int QUIET = 3;
    private static final int MOST_ROUNDS = 20_000;

    /** Longer than any deadline of a TLS socket. */
    private static final long LONG = Duration.ofSeconds(30).toNanos();

    private enum End {
        CLOSE(CloseReason.Kind.LOCAL),
        SHUTDOWN(CloseReason.Kind.PEER_END),
        PEER_CLOSE(CloseReason.Kind.PEER_END),
        ABORT(CloseReason.Kind.LOCAL),
        RESET(CloseReason.Kind.RESET),
        CUT(CloseReason.Kind.TRUNCATED);

        private final CloseReason.Kind kind;

        End(CloseReason.Kind kind) {
            this.kind = kind;
        }
    }

    private final long seed;
    private final boolean legal;
    private final Random random;
    private final Temper temper;
    private final WatchedEngine engine;
    private final User user;
    private final ScriptedBackend backend = new ScriptedBackend();
    private final IoQueue queue;

    /** What another thread would do, at moments of the seed's choice. */
    private final ArrayDeque<Runnable> executor = new ArrayDeque<>();

    private final List<String> violations = new ArrayList<>();
    private final boolean client;
    private final boolean halfClose;
    private MemoryStream below;
    private Peer peer;
    private SslSocket socket;
    private End end;
    private boolean endedInside;

    HostileRun(long seed, boolean legal) {
        this.seed = seed;
        this.legal = legal;
        random = new Random(seed);
        temper = legal ? Temper.legal(seed) : Temper.hostile(seed);
        client = random.nextBoolean();
        halfClose = random.nextBoolean();
        TlsEngine inside =
                legal ? new LegalEngine(temper, client, halfClose) : new HostileEngine(temper, client, halfClose);
        engine = new WatchedEngine(inside);
        user = new User(this, random);
        queue = open();
        EnumSet<TlsCapability> capabilities =
                halfClose ? EnumSet.of(TlsCapability.HALF_CLOSE, TlsCapability.REKEY) : EnumSet.of(TlsCapability.REKEY);
        TlsConfig.Builder config = TlsConfig.builder()
                .limits(TlsLimits.defaults()
                        .withHandshakeBytes(1 << 20)
                        .withRecordsWithoutData(500)
                        .withRenegotiations(1000));
        switch (random.nextInt(3)) {
            case 0 -> config.handshakesOn(Runnable::run);
            case 1 -> config.handshakesOn(executor::add);
            default -> {
                // on the loop
            }
        }
        inLoop(() -> start(new ScriptedTls(engine, capabilities, config.build())));
    }

    private IoQueue open() {
        try {
            return IoQueue.open(IoQueueConfig.builder()
                    .backend(backend)
                    .nanoClock(backend.clock())
                    .errorHandler((q, key, error) -> violated("a callback or task threw " + error))
                    .build());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void start(ScriptedTls tls) throws TlsException {
        below = new MemoryStream(queue, user);
        peer = new Peer(below, random, !client);
        socket = client
                ? SslSocket.client(below, tls, "h", 1, user, LIMITS)
                : SslSocket.server(below, tls, user, LIMITS);
    }

    // ---- running

    /** Runs it; answers what was wrong. */
    List<String> run() {
        try {
            for (int i = 5 + random.nextInt(40); i > 0 && !endedInside; i--) {
                act();
                poll();
            }
            end = End.values()[random.nextInt(End.values().length)];
            boolean whole = random.nextInt(4) > 0 && legal && !endedInside;
            if (whole) {
                finish();
            }
            end();
            judge(whole);
        } catch (WatchedEngine.Spin | RuntimeException | AssertionError e) {
            violated("it ended by " + e + " at " + Arrays.toString(Arrays.copyOf(e.getStackTrace(), 8)));
        }
        return violations;
    }

    MisbehaviourCounts counts() {
        return temper.counts();
    }

    long steps() {
        return engine.steps();
    }

    private void act() {
        switch (random.nextInt(13)) {
            case 0, 1 -> inLoop(() -> user.send(socket));
            case 2 -> user.send(socket); // as another thread would
            case 3, 4 -> peer.sendData();
            case 5, 6, 7 -> peer.deliver(false);
            case 8 -> below.window(random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt(40_000));
            case 9 -> execute();
            case 10 -> below.refuse(random.nextInt(3) == 0);
            case 11 -> inLoop(() -> pauseOrResume());
            default -> inLoop(() -> rekeyOrWait());
        }
    }

    private void execute() {
        Runnable task = executor.poll();
        if (task != null) {
            task.run();
        }
    }

    private void pauseOrResume() {
        if (random.nextBoolean()) {
            socket.pauseReading();
        } else {
            socket.resumeReading();
        }
    }

    private void rekeyOrWait() {
        if (random.nextBoolean()) {
            socket.rekey();
        } else {
            backend.clock().advance(random.nextInt(20_000_000));
        }
    }

    /** The user ends it in a callback. */
    @Override
    public void endInside() {
        if (!legal || random.nextInt(4) == 0) {
            endedInside = true;
            if (random.nextBoolean()) {
                socket.close();
            } else {
                socket.abort();
            }
        }
    }

    private interface Act {
        void run() throws Exception;
    }

    private void inLoop(Act act) {
        queue.execute(() -> {
            try {
                act.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        poll();
    }

    private int poll() {
        engine.turn();
        int turns = queue.poll(0);
        if (peer != null) {
            peer.listen();
        }
        return turns;
    }

    private void settle() {
        int quiet = 0;
        for (int round = 0; quiet < QUIET; round++) {
            if (round == MOST_ROUNDS) {
                throw new AssertionError("it does not come to rest: " + socket.explain());
            }
            peer.deliver(false);
            execute();
            quiet = poll() == 0 && !peer.hasMore() ? quiet + 1 : 0;
        }
    }

    /** Everything that was sent, both ways, arrives. */
    private void finish() {
        open(true);
        settle();
        expect(user.isOpen(), "the handshake is not done");
        expectEqual("the user's bytes on the wire", user.sent.toByteArray(), peer.received.toByteArray());
        expectEqual("the peer's bytes at the user", peer.sent.toByteArray(), user.received.toByteArray());
        expect(user.pendingOps() == 0, "all has gone, and " + user.pendingOps() + " ops are pending");
        expect(socket.queuedBytes() == 0, "all has gone, and " + socket.queuedBytes() + " bytes are queued");
        inLoop(() -> expect(queue.buffers().lentBytes() == 0, "at rest it holds buffers"));
    }

    private void open(boolean all) {
        below.window(Long.MAX_VALUE);
        below.refuse(false);
        if (all) {
            user.takeAll();
        }
        inLoop(() -> socket.resumeReading());
    }

    private void end() {
        boolean opened = user.isOpen();
        if (!legal || random.nextInt(3) == 0) {
            inLoop(socket::rekey);
        }
        switch (end) {
            case CLOSE -> inLoop(socket::close);
            case SHUTDOWN -> {
                inLoop(socket::shutdownOutput);
                peer.sendClose();
            }
            case PEER_CLOSE -> peer.sendClose();
            case ABORT -> inLoop(socket::abort);
            case RESET -> below.reset();
            case CUT -> {
                peer.deliver(true);
                below.end();
            }
        }
        poll();
        open(true);
        settle();
        if (legal && opened && !endedInside) {
            expect(user.closed != null, end + ", and it has not ended: " + socket.explain());
            boolean cut = end == End.SHUTDOWN && !halfClose; // unless the peer's end was read before
            expect(
                    user.closed == null
                            || user.closed.kind() == end.kind
                            || (cut && user.closed.kind() == CloseReason.Kind.TRUNCATED)
                            || user.closed.unsentBytes() > 0,
                    end + " is told as " + user.closed + "; " + socket.explain());
        }
        inLoop(socket::close);
        settle();
        if (user.closed == null) {
            backend.clock().advance(LONG);
            settle();
        }
    }

    private void judge(boolean whole) {
        expect(user.closed != null, "it does not end: " + socket.explain());
        expect(socket.send(ByteBuffer.allocate(1)) == Sent.CLOSED, "it takes what is sent after its end");
        expect(socket.queuedBytes() == 0, "it has ended, and " + socket.queuedBytes() + " bytes are queued");
        expect(engine.spin() == null, "its user spins: " + engine.spin());
        expect(engine.closes() == 1, "the engine was closed " + engine.closes() + " times");
        expect(engine.calledAfterClose() == null, "the closed engine was asked: " + engine.calledAfterClose());
        expect(temper.counts().of(Misbehaviour.DATA_AFTER_END) == 0, "it was asked for data after the peer's end");
        expectPrefix("what the engine took of what was sent", engine.taken(), user.sent.toByteArray());
        expectPrefix("what the user got of what the engine yielded", user.received.toByteArray(), engine.yielded());
        boolean sentAll = user.closed == null || user.closed.unsentBytes() == 0;
        if (legal && sentAll && (end == End.CLOSE || (whole && end == End.SHUTDOWN)) && user.isOpen() && !endedInside) {
            expectEqual("what was taken before the close", user.sent.toByteArray(), peer.received.toByteArray());
            expect(peer.sawClose(), "no close_notify");
        }
        if (legal) {
            expectThePeersTruth();
        }
        long onWire = plaintextOnTheWire();
        expect(user.completed() <= onWire, user.completed() + " bytes are told as sent, on the wire are " + onWire);
        inLoop(() -> expect(
                queue.buffers().lentBytes() == 0,
                "buffers are kept: " + queue.buffers().lentBytes()));
        boolean[] alive = new boolean[1];
        queue.execute(() -> alive[0] = true);
        queue.poll(0);
        expect(alive[0], "the loop is dead");
        queue.close();
    }

    /** A close_notify implies that all accepted bytes were before it. */
    private void expectThePeersTruth() {
        PeerTruth truth = new PeerTruth(end + ", to the peer; " + socket.explain());
        truth.accepted(user.sent.size());
        truth.received(peer.received.size());
        if (peer.sawClose()) {
            truth.ended(PeerTruth.End.CLEAN);
        }
        try {
            truth.verify();
        } catch (AssertionError e) {
            violated(e.getMessage());
        }
    }

    /** Goes through what was written: it is what the engine said, in order, but for what only a faulty step said. */
    private long plaintextOnTheWire() {
        byte[] wire = peer.wire.toByteArray();
        int at = 0;
        long plaintext = 0;
        long undone = Stream.of(Misbehaviour.UNDONE, Misbehaviour.END_TAKEN_BACK, Misbehaviour.THROW_FACT)
                .mapToLong(temper.counts()::of)
                .sum();
        for (WatchedEngine.Said said : engine.said()) {
            int n = Math.min(said.ciphertext().remaining(), wire.length - at);
            ByteBuffer part = said.ciphertext().slice(0, n);
            if (!part.equals(ByteBuffer.wrap(wire, at, n))) {
                expect(part.get(0) == 'Z' || undone-- > 0, "what is on the wire at " + at + " nobody has said");
                continue;
            }
            at += n;
            plaintext += n == said.ciphertext().remaining() ? said.plaintext() : 0;
        }
        expect(at == wire.length, "more is on the wire than was said");
        return plaintext;
    }

    private void expectEqual(String what, byte[] expected, byte[] actual) {
        expect(
                Arrays.equals(expected, actual),
                what + ": " + actual.length + " of " + expected.length + ", equal up to "
                        + Arrays.mismatch(expected, actual) + "; " + socket.explain());
    }

    private void expectPrefix(String what, byte[] part, byte[] whole) {
        int n = Math.min(part.length, whole.length);
        expect(
                part.length <= whole.length && Arrays.equals(part, 0, n, whole, 0, n),
                what + ": " + part.length + " of " + whole.length + ", equal up to " + Arrays.mismatch(part, whole));
    }

    @Override
    public void expect(boolean good, String what) {
        if (!good) {
            violated(what);
        }
    }

    private void violated(String what) {
        violations.add("seed " + seed + ": " + what + " (" + temper + ")");
    }
}
