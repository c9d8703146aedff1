package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.testkit.ScriptedBackend;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;
import io.github.ioqueue.testkit.ssl.MemoryStream;
import io.github.ioqueue.testkit.ssl.ScriptedTls;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** One run: a TLS socket over the adapter over an {@code SSLEngine} that does anything, against an honest peer. */
final class HostileJsseRun implements User.Judge {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsIdentity IDENTITY = AUTHORITY.identity("server.test");
    private static final long LONG = Duration.ofSeconds(30).toNanos();

    private final long seed;
    private final Random random;
    private final Temper temper;
    private final User user;
    private final ScriptedBackend backend = new ScriptedBackend();
    private final List<String> violations = new ArrayList<>();
    private final IoQueue queue;
    private final WatchedEngine engine;
    private final End peer;
    private MemoryStream below;
    private SslSocket socket;

    HostileJsseRun(long seed) throws IOException {
        this.seed = seed;
        random = new Random(seed);
        temper = Temper.hostile(seed);
        user = new User(this, random);
        queue = IoQueue.open(IoQueueConfig.builder()
                .backend(backend)
                .nanoClock(backend.clock())
                .errorHandler((q, key, error) -> expect(false, "a callback or task threw " + error))
                .build());
        boolean client = random.nextBoolean();
        TlsConfig clients = TlsConfig.builder().trust(AUTHORITY.certificates()).build();
        TlsConfig servers = TlsConfig.builder().identity(IDENTITY).build();
        TlsBackend hostile = new HostileJsseBackend(temper);
        TlsContext here = hostile.context(client ? clients : servers);
        TlsContext there = TlsBackend.named(TlsBackend.JDK).context(client ? servers : clients);
        engine = new WatchedEngine(client ? here.client("server.test", 443) : here.server());
        peer = End.of("peer", client ? there.server() : there.client("server.test", 443));
        ScriptedTls tls = new ScriptedTls(engine, hostile.capabilities(), here.config());
        queue.execute(() -> start(tls, client));
        poll();
    }

    private void start(ScriptedTls tls, boolean client) {
        below = new MemoryStream(queue, user);
        try {
            socket = client
                    ? SslSocket.client(below, tls, "server.test", 443, user, StreamConfig.defaults())
                    : SslSocket.server(below, tls, user, StreamConfig.defaults());
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs it; answers what was wrong. */
    List<String> run() {
        try {
            for (int i = 0; i < 30; i++) {
                act();
                poll();
            }
            below.window(Long.MAX_VALUE);
            user.takeAll();
            queue.execute(socket::resumeReading);
            settle();
            queue.execute(socket::close);
            settle();
            backend.clock().advance(user.closed == null ? LONG : 0);
            settle();
            judge();
        } catch (WatchedEngine.Spin | RuntimeException | AssertionError e) {
            expect(false, "it ended by " + e + " at " + Arrays.toString(Arrays.copyOf(e.getStackTrace(), 8)));
        } finally {
            peer.engine().close();
            queue.close();
        }
        return violations;
    }

    MisbehaviourCounts counts() {
        return temper.counts();
    }

    private void act() {
        switch (random.nextInt(6)) {
            case 0 -> queue.execute(() -> user.send(socket));
            case 1 -> peer.send(new byte[random.nextInt(20_000)]);
            case 2 -> below.window(random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(20_000));
            case 3 -> queue.execute(socket::resumeReading);
            default -> {
                // what is on its way arrives
            }
        }
    }

    private int poll() {
        engine.turn();
        int turns = queue.poll(0);
        if (below != null) {
            peer.inject(below.takeWritten());
            peer.work();
            byte[] said = peer.takeSaid();
            if (said.length > 0) {
                below.arrive(said);
                return turns + 1;
            }
        }
        return turns;
    }

    private void settle() {
        for (int quiet = 0, rounds = 0; quiet < 3; rounds++) {
            quiet = poll() == 0 ? quiet + 1 : 0;
            expect(rounds != 1000, "it does not come to rest");
            if (rounds > 1000) {
                return;
            }
        }
    }

    private void judge() {
        expect(engine.spin() == null, "its user spins: " + engine.spin());
        expect(
                user.closed == null
                        || user.closed.cause() == null
                        || !(user.closed.cause().getCause() instanceof WatchedEngine.Spin),
                "its user spins: " + user.closed);
        expect(user.closed != null, "it does not end: " + socket.explain());
        expect(socket.queuedBytes() == 0, "it has ended, and bytes are queued");
        expect(engine.closes() == 1, "the engine was closed " + engine.closes() + " times");
        expect(engine.calledAfterClose() == null, "the closed engine was asked: " + engine.calledAfterClose());
        expectPrefix("what the engine took", engine.taken(), user.sent.toByteArray());
        expectPrefix("what the user got", user.received.toByteArray(), engine.yielded());
        queue.execute(() -> expect(queue.buffers().lentBytes() == 0, "buffers are kept"));
        queue.poll(0);
    }

    private void expectPrefix(String what, byte[] part, byte[] whole) {
        int n = Math.min(part.length, whole.length);
        expect(part.length <= whole.length && Arrays.equals(part, 0, n, whole, 0, n), what + " is not what there was");
    }

    @Override
    public void expect(boolean good, String what) {
        if (!good) {
            violations.add("seed " + seed + ": " + what + " (" + temper + ")");
        }
    }

    @Override
    public void endInside() {
        socket.close();
    }
}
