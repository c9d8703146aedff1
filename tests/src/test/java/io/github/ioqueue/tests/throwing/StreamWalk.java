package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.ActiveDatagram;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Listener;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** One connection: opened, data, more than fits, drained, ended, closed. Its subject is one end, with the traps. */
final class StreamWalk implements Walk {

    private static final int LARGE = 9000;
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final InetSocketAddress OTHER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 444);

    private final Witness subject = new Witness(true);
    private final Witness partner = new Witness(false);
    private final WriteOp op =
            new WriteOp(ByteBuffer.wrap("0123456789\n".repeat(LARGE / 11).getBytes(StandardCharsets.US_ASCII)));
    private @Nullable Sending sending;
    private boolean accepted;
    private boolean listenerEnds;
    private @Nullable CompletableFuture<DrainReport> drain;

    @Override
    public boolean leavesListener() {
        return !listenerEnds;
    }

    @Override
    public void walk(Stage stage, Case the) throws Exception {
        String hook = the.hook().name();
        prepare(stage, hook);
        StreamHandler trapped = the.path().handler(subject, stage.trap, stage.executor);
        StreamHandler other = partner;
        stage.acceptor = () -> {
            accepted = true;
            return the.accepted() ? trapped : other;
        };
        stage.connect(the.accepted() ? other : trapped);
        on(stage, partner, socket -> socket.send(Witness.line()));
        stage.failsEngines = false;
        flood(stage);
        visit(stage, hook);
        on(stage, partner, StreamSocket::shutdownOutput);
        stage.pass(LONG);
    }

    private void flood(Stage stage) {
        on(stage, partner, StreamSocket::pauseReading);
        on(stage, subject, socket -> sending = socket.send(op));
        on(stage, subject, socket -> {
            for (int i = 0; i < 2000 && socket.send(Witness.line()) == Sent.TAKEN; i++) {}
        });
        on(stage, partner, StreamSocket::resumeReading);
    }

    /** What has to be so before the connection is there. */
    private void prepare(Stage stage, String hook) {
        switch (hook) {
            case "AcceptHandler.onAcceptFailed" -> stage.failsAccept = true;
            case "StreamPort.finishConnect" -> stage.slowConnects = true;
            case "TlsEngine.fail" -> stage.failsEngines = true;
            case "ErrorHandler.onError", "StreamPort.resetOnClose" ->
                subject.throwsOnData = new IllegalArgumentException("thrown so that something is told");
            default -> {}
        }
    }

    /** Calls what the life of a connection alone does not. */
    private void visit(Stage stage, String hook) throws Exception {
        switch (hook) {
            case "StreamHandler.onDrain", "FrameHandler.onDrain" -> {
                listenerEnds = true;
                drain = stage.listener.drain(Duration.ofHours(1));
                stage.settle();
            }
            case "AcceptHandler.onClosed", "ListenerPort.close", "ListenerPort.localAddress" -> {
                listenerEnds = true;
                stage.listener.close();
                stage.settle();
            }
            case "TlsEngine.rekey" -> on(stage, subject, socket -> ((SslSocket) socket).rekey());
            case "TlsEngine.exportKeyingMaterial" ->
                on(stage, subject, socket -> ((SslSocket) socket).exportKeyingMaterial("EXPERIMENTAL", null, 16));
            case "TlsBackend.context" ->
                stage.told.byCall(() -> ((TlsLayer) stage.accepting()).reload(TlsConfig.defaults()));
            case "IoBackend.openDemultiplexer" ->
                stage.told.byCall(() -> IoQueue.open(stage.queue.config()).close());
            case "IoBackend.openDatagram" ->
                stage.told.byCall(() -> ActiveDatagram.open(stage.queue, OTHER, (socket, sender, data) -> {})
                        .close());
            case "IoQueueGroup.threads" -> stage.told.byCall(() -> threads(stage));
            default -> {
                if (hook.startsWith("ListenerPort.") || hook.equals("IoBackend.openListener")) {
                    listen(stage);
                }
            }
        }
    }

    private static void threads(Stage stage) throws Exception {
        ThreadFactory factory = stage.trap.around(ThreadFactory.class, "IoQueueGroup.threads", Thread::new);
        IoQueueGroup.builder()
                .size(1)
                .config(stage.queue.config())
                .threads(factory)
                .open();
    }

    private static void listen(Stage stage) {
        stage.told.byCall(() -> Listener.on(OTHER)
                .open(stage.queue, socket -> new Witness(false))
                .close());
        stage.settle();
    }

    private interface Act {
        void on(StreamSocket socket) throws Exception;
    }

    private static void on(Stage stage, Witness end, Act act) {
        StreamSocket socket = end.socket();
        if (socket != null && !stage.isDead()) {
            stage.inLoop(() -> act.on(socket));
        }
    }

    @Override
    public List<String> late() {
        return drain != null && !drain.isDone() ? List.of("the drain never ends") : List.of();
    }

    @Override
    public List<String> violations(Stage stage, Case the, Throwable thrown) {
        List<String> found = new ArrayList<>();
        boolean callFailed = stage.told.of(thrown).contains("caller") && !accepted;
        boolean acceptThrew = the.hook().name().equals("AcceptHandler.onAccept");
        boolean missed =
                the.hook().method().equals("onClosed") && !the.hook().type().equals("AcceptHandler");
        judge(
                "the accepted end",
                the.accepted() ? subject : partner,
                accepted && !acceptThrew && !(missed && the.accepted()),
                found);
        judge(
                "the connected end",
                the.accepted() ? partner : subject,
                !callFailed && !(missed && !the.accepted()),
                found);
        long expected = sending == Sending.PENDING ? 1 : 0;
        if (subject.toldOf(op) != expected && !the.hook().method().equals("onSent")) {
            found.add("onSent came " + subject.toldOf(op) + " times for a send that returned " + sending);
        }
        for (Witness end : List.of(subject, partner)) {
            CloseReason why = end.reason();
            if (why != null) {
                stage.told.by("onClosed", why.cause());
            }
            if (why != null && the.hook().costsNothing() && Told.isIn(thrown, why.cause())) {
                found.add("a connection was closed by what costs nothing");
            }
        }
        return found;
    }

    private static void judge(String which, Witness end, boolean given, List<String> found) {
        end.violations().forEach(violation -> found.add(which + ": " + violation));
        if (given != end.wasClosed()) {
            found.add(which + (given ? " stays without onClosed: " : " was closed, and not given: ") + end);
        }
    }

    @Override
    public String toString() {
        return "subject " + subject + "; partner " + partner;
    }
}
