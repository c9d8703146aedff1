package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.activesock.OffLoop;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.framing.FrameHandler;
import io.github.ioqueue.activesock.framing.Framed;
import io.github.ioqueue.activesock.framing.Framing;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.TlsProbe;
import io.github.ioqueue.ssl.tls.PeerVerifier;
import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import io.github.ioqueue.testkit.ssl.ScriptedEngine;
import io.github.ioqueue.testkit.ssl.ScriptedTls;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;

/** What stands between a connection and its handler. */
enum Path {
    PLAIN,
    OFF_LOOP,
    FRAMED,
    /** Engines without crypto. */
    SCRIPTED,
    /** The same, with the handshakes on an executor. */
    SCRIPTED_OFF_LOOP,
    JDK,
    CONSCRYPT,
    BOUNCYCASTLE;

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final TlsIdentity IDENTITY = AUTHORITY.identity("localhost");
    private static final Set<TlsCapability> CAPABILITIES =
            EnumSet.of(TlsCapability.HALF_CLOSE, TlsCapability.REKEY, TlsCapability.EXPORTER);

    boolean isTls() {
        return EnumSet.range(SCRIPTED, BOUNCYCASTLE).contains(this);
    }

    boolean isBackend() {
        return EnumSet.range(JDK, BOUNCYCASTLE).contains(this);
    }

    /** The handler of the subject: every call to the witness passes a trap, and so does the executor. */
    StreamHandler handler(Witness witness, Trap trap, Executor executor) {
        return switch (this) {
            case OFF_LOOP ->
                OffLoop.on(
                        trap.around(Executor.class, "OffLoop.on", executor), trap.around(StreamHandler.class, witness));
            case FRAMED ->
                new Framed(trap.around(Framing.class, Framing.lines(1000)), trap.around(FrameHandler.class, witness));
            default -> trap.around(StreamHandler.class, witness);
        };
    }

    /** The layer of a listener. */
    StreamLayer accepting(Stage stage, boolean lends) throws TlsException {
        TlsConfig.Builder config = TlsConfig.builder();
        return isTls() ? tls(stage, lends, isBackend() ? config.identity(IDENTITY) : config) : StreamLayer.NONE;
    }

    /** The layer of a connector. */
    StreamLayer connecting(Stage stage, boolean lends) throws TlsException {
        TlsConfig.Builder config = TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .verifier(stage.trap.around(PeerVerifier.class, (chain, host) -> {}));
        return isTls() ? tls(stage, lends, config) : StreamLayer.NONE;
    }

    private TlsLayer tls(Stage stage, boolean lends, TlsConfig.Builder config) throws TlsException {
        Trap trap = stage.trap;
        config.sessions(SessionCache.none()); // a resumed handshake asks no verifier
        if (lends || this == SCRIPTED_OFF_LOOP) {
            config.handshakesOn(trap.around(Executor.class, "TlsConfig.handshakesOn", stage.executor));
        }
        return TlsLayer.of(
                trap.around(TlsContext.class, context(stage, config.build())),
                trap.around(TlsProbe.class, new TlsProbe() {}));
    }

    private TlsContext context(Stage stage, TlsConfig config) throws TlsException {
        return isBackend()
                ? TlsBackend.named(name().toLowerCase(Locale.ROOT)).context(config)
                : new ScriptedTls(client -> engine(stage, client), CAPABILITIES, config);
    }

    private static TlsEngine engine(Stage stage, boolean client) {
        ScriptedEngine engine = new ScriptedEngine(client, TlsEngine.Memory.HEAP);
        if (!client) {
            engine.withTask();
        }
        if (stage.failsEngines) {
            engine.onReceive(() -> {
                throw new TlsException(TlsException.Reason.PEER_MISBEHAVED, "so the script has it");
            });
        }
        return engine;
    }
}
