package io.github.ioqueue.tests;

import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.testkit.PeerTruth;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks both directions of every connection between two handlers that it has wrapped: see {@link PeerTruth}. The handlers
 * get a socket that counts what its sends accept. The two ends of a connection are found by their addresses.
 */
public final class PeerWatch {

    private final boolean many;
    private final Map<List<SocketAddress>, Connection> open = new ConcurrentHashMap<>();
    private final Queue<Connection> ended = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger checked = new AtomicInteger();

    /** Creates one that checks all connections in {@link #verify}. */
    public PeerWatch() {
        this(false);
    }

    private PeerWatch(boolean many) {
        this.many = many;
    }

    /** Returns one that checks a connection when both ends are closed: then no thread may be inside a send any more. */
    public static PeerWatch ofManyConnections() {
        return new PeerWatch(true);
    }

    /** Wraps the handler of a connection that is opened here. */
    public StreamHandler client(StreamHandler handler) {
        return new End(true).wrap(handler);
    }

    /** Wraps the handler of a connection that is accepted here. */
    public StreamHandler server(StreamHandler handler) {
        return new End(false).wrap(handler);
    }

    /** Checks all connections; call it when no callback comes any more, and no thread is inside a send. */
    public void verify() {
        ended.forEach(this::check);
        ended.clear();
        open.values().forEach(this::check);
        open.clear();
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.size() + " of " + checked + " connections: "
                    + String.join("; ", violations.stream().limit(10).toList()));
        }
    }

    private void check(Connection connection) {
        checked.incrementAndGet();
        for (PeerTruth direction : List.of(connection.toServer, connection.toClient)) {
            try {
                direction.verify();
            } catch (AssertionError e) {
                violations.add(e.getMessage());
            }
        }
    }

    private static final class Connection {
        private final PeerTruth toServer;
        private final PeerTruth toClient;
        private final AtomicInteger closed = new AtomicInteger();
        private final boolean[] joined = new boolean[2];

        Connection(List<SocketAddress> addresses, boolean client) {
            join(client);
            toServer = new PeerTruth(addresses + " to the server");
            toClient = new PeerTruth(addresses + " to the client");
        }

        /** Returns false if that end is there: this is another connection, by the same port. */
        private synchronized boolean join(boolean client) {
            boolean free = !joined[client ? 0 : 1];
            joined[client ? 0 : 1] = true;
            return free;
        }
    }

    /** One end of a connection. Its callbacks run on the loop, its sends on any thread. */
    private final class End {

        private final boolean client;
        private List<SocketAddress> addresses = List.of();
        private volatile Connection connection;
        private StreamSocket socket;
        private long taken;
        private long offered;

        End(boolean client) {
            this.client = client;
        }

        private void opened(StreamSocket real) {
            SocketAddress here = Objects.requireNonNull(real.localAddress());
            SocketAddress there = Objects.requireNonNull(real.remoteAddress());
            addresses = client ? List.of(here, there) : List.of(there, here);
            connection = open.compute(
                    addresses, (key, last) -> last == null || !last.join(client) ? new Connection(key, client) : last);
        }

        private PeerTruth in() {
            return client ? connection.toClient : connection.toServer;
        }

        private PeerTruth out() {
            return client ? connection.toServer : connection.toClient;
        }

        // ---- the handler

        StreamHandler wrap(StreamHandler handler) {
            return proxy(StreamHandler.class, (proxy, method, args) -> {
                if (args == null || !(args[0] instanceof StreamSocket real)) {
                    return call(handler, method, args);
                }
                if (socket == null || connection == null) {
                    socket = watched(real);
                }
                before(method.getName(), real, args);
                ByteBuffer in = method.getName().equals("onData") ? (ByteBuffer) args[1] : null;
                int position = in == null ? 0 : in.position();
                args[0] = socket;
                try {
                    return call(handler, method, args);
                } finally {
                    taken += in == null ? 0 : in.position() - position;
                }
            });
        }

        private void before(String callback, StreamSocket real, Object[] args) {
            switch (callback) {
                case "onOpen" -> {
                    if (connection == null) { // else an exchanged handler is called by its user
                        opened(real);
                    }
                }
                case "onData" -> {
                    long now = taken + ((ByteBuffer) args[1]).remaining();
                    in().received(Math.max(0, now - offered));
                    offered = Math.max(now, offered);
                }
                case "onEnd" -> in().ended(PeerTruth.End.CLEAN);
                case "onClosed" -> closed((CloseReason) args[1]);
                default -> {
                    // nothing to be noted
                }
            }
        }

        private void closed(CloseReason why) {
            if (connection == null) {
                return;
            }
            switch (why.kind()) {
                case RESET -> in().ended(PeerTruth.End.RESET);
                case TRUNCATED -> in().ended(PeerTruth.End.TRUNCATED);
                case FAILED -> in().ended(PeerTruth.End.ALERT);
                default -> {
                    // this end's own doing
                }
            }
            if (connection.closed.incrementAndGet() == 2) {
                open.remove(addresses, connection);
                if (many) {
                    check(connection);
                } else {
                    ended.add(connection);
                }
            }
        }

        // ---- the socket

        private StreamSocket watched(StreamSocket real) {
            return proxy(StreamSocket.class, (proxy, method, args) -> switch (method.getName()) {
                case "send" -> send(real, method, args);
                case "handler" -> {
                    real.handler(wrap((StreamHandler) args[0]));
                    yield null;
                }
                default -> call(real, method, args);
            });
        }

        private Object send(StreamSocket real, Method method, Object[] args) throws Throwable {
            long bytes = (args[0] instanceof WriteOp op ? op.buffer() : (ByteBuffer) args[0]).remaining();
            Object answer = call(real, method, args);
            if (List.of("TAKEN", "DONE", "PENDING").contains(((Enum<?>) answer).name())) {
                out().accepted(bytes);
            }
            return answer;
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
