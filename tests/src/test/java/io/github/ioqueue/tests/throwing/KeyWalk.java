package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoOp;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.WriteOp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Keys without active sockets: one listens, one connects, one is accepted; each has the trapped handler. */
final class KeyWalk implements Walk {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 445);

    private final Handler handler = new Handler();

    /** Counts what it is called with; accepts what comes. */
    private static final class Handler implements IoHandler {
        private final List<IoOp> completed = new ArrayList<>();
        private final List<IoKey> closed = new ArrayList<>();

        @Override
        public void onReadComplete(IoKey key, ReadOp op) {
            completed.add(op);
        }

        @Override
        public void onWriteComplete(IoKey key, WriteOp op) {
            completed.add(op);
        }

        @Override
        public void onAcceptComplete(IoKey key, AcceptOp op) {
            completed.add(op);
        }

        @Override
        public void onConnectComplete(IoKey key, ConnectOp op) {
            completed.add(op);
        }

        @Override
        public void onDrain(IoKey key) {}

        @Override
        public void onClosed(IoKey key) {
            closed.add(key);
        }
    }

    private final List<IoKey> keys = new ArrayList<>();

    /** So many more than expected. */
    private int completions;

    @Override
    public void walk(Stage stage, Case the) throws Exception {
        if (the.hook().name().equals("IoQueue.register")) {
            register(stage);
        }
        IoKey listener = key(
                stage,
                IoSocket.openListener(stage.queue.config().backend(), java.net.StandardProtocolFamily.INET)
                        .bind(ADDRESS));
        AcceptOp accept = async(new AcceptOp());
        stage.inLoop(() -> listener.submit(accept));
        IoKey client =
                key(stage, IoSocket.openStream(stage.queue.config().backend(), java.net.StandardProtocolFamily.INET));
        stage.inLoop(() -> client.submit(async(new ConnectOp(ADDRESS))));
        IoKey server = key(stage, accept.accepted());
        for (int i = 0; i < 2; i++) {
            stage.inLoop(() -> server.submit(async(new ReadOp(ByteBuffer.allocate(10)))));
            stage.inLoop(() -> client.submit(async(new WriteOp(ByteBuffer.wrap(new byte[10])))));
        }
        int expected = 6 - (the.hook().method().endsWith("Complete") ? 1 : 0);
        completions = handler.completed.size() - expected;
        keys.forEach(IoKey::drain);
        stage.settle();
        keys.forEach(IoKey::close);
        stage.settle();
    }

    private void register(Stage stage) {
        Function<IoKey, IoHandler> maker = key -> handler;
        stage.told.byCall(() -> {
            IoSocket socket = stage.queue.openStream();
            try {
                stage.queue.register(socket, trapped(stage, maker));
            } finally {
                socket.close();
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Function<IoKey, IoHandler> trapped(Stage stage, Function<IoKey, IoHandler> maker) {
        return stage.trap.around(Function.class, "IoQueue.register", maker);
    }

    private IoKey key(Stage stage, IoSocket socket) throws Exception {
        IoKey key = stage.queue.register(socket, stage.trap.around(IoHandler.class, handler));
        keys.add(key);
        stage.settle();
        return key;
    }

    private static <T extends IoOp> T async(T op) {
        op.alwaysAsync(true);
        return op;
    }

    @Override
    public List<String> violations(Stage stage, Case the, Throwable thrown) {
        List<String> found = new ArrayList<>();
        if (completions != 0) {
            found.add(completions + " completions too many");
        }
        int closed = keys.size() - (the.hook().method().equals("onClosed") ? 1 : 0);
        if (handler.closed.size() != closed) {
            found.add("onClosed came " + handler.closed.size() + " times for " + closed + " keys");
        }
        return found;
    }
}
