package io.github.ioqueue.tests.tls;

import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/** Doubles that break the promise to the peer, each in one way. */
final class BrokenFlows {

    private static final int LOWEST_TYPE = 20;
    private static final int HIGHEST_TYPE = 24;

    private BrokenFlows() {}

    /** A context whose engines find a byte that begins no record, and send close_notify instead of an alert. */
    static TlsContext closeNotifyAfterAFailure(TlsContext real) {
        return proxy(TlsContext.class, (proxy, method, args) -> {
            Object answer = call(real, method, args);
            return answer instanceof TlsEngine engine ? farewell(engine) : answer;
        });
    }

    private static TlsEngine farewell(TlsEngine real) {
        boolean[] failed = {false};
        return proxy(TlsEngine.class, (proxy, method, args) -> {
            if (method.getName().equals("receive") && (failed[0] || isForeign((ByteBuffer) args[0]))) {
                failed[0] = true;
                real.closeNotify();
                throw new TlsException(Reason.NOT_TLS, "what came begins no record");
            }
            if (method.getName().equals("fail")) {
                real.closeNotify();
                return true;
            }
            return call(real, method, args);
        });
    }

    private static boolean isForeign(ByteBuffer netIn) {
        int type = netIn.hasRemaining() ? netIn.get(netIn.position()) : LOWEST_TYPE;
        return type < LOWEST_TYPE || type > HIGHEST_TYPE;
    }

    /**
     * A layer that accepts what other threads send, and brings it to the loop: behind a close that is faster there it is
     * dropped.
     */
    static StreamLayer foreignSendsDropped(StreamLayer real) {
        return layer(real, (socket, method, args) -> {
            if (!method.getName().equals("send") || socket.queue().inLoop()) {
                return call(socket, method, args);
            }
            ByteBuffer src = (ByteBuffer) args[0];
            ByteBuffer copy = ByteBuffer.allocate(src.remaining()).put(src).flip();
            socket.queue().execute(() -> socket.send(copy));
            return Sent.TAKEN;
        });
    }

    /** A layer that holds what is sent until the callback is over; an abort drops it, and ends the stream cleanly. */
    static StreamLayer cleanEndOverQueuedBytes(StreamLayer real) {
        return layer(real, (socket, method, args) -> {
            if (method.getName().equals("abort")) {
                socket.close();
                return null;
            }
            if (!method.getName().equals("send")) {
                return call(socket, method, args);
            }
            ByteBuffer src = (ByteBuffer) args[0];
            ByteBuffer copy = ByteBuffer.allocate(src.remaining()).put(src).flip();
            socket.queue().execute(() -> socket.send(copy));
            return Sent.TAKEN;
        });
    }

    private interface Calls {
        Object on(StreamSocket socket, Method method, Object[] args) throws Throwable;
    }

    private static StreamLayer layer(StreamLayer real, Calls calls) {
        return new StreamLayer() {
            @Override
            public StreamHandler accepting(StreamHandler handler, StreamConfig config) {
                return real.accepting(handler, config);
            }

            @Override
            public StreamHandler connecting(StreamHandler handler, StreamConfig config, String host, int port) {
                return real.connecting(above(handler, calls), config, host, port);
            }
        };
    }

    private static StreamHandler above(StreamHandler handler, Calls calls) {
        StreamSocket[] broken = new StreamSocket[1];
        return proxy(StreamHandler.class, (proxy, method, args) -> {
            if (args != null && args[0] instanceof StreamSocket real) {
                if (broken[0] == null) {
                    broken[0] = proxy(StreamSocket.class, (p, m, a) -> calls.on(real, m, a));
                }
                args[0] = broken[0];
            }
            return call(handler, method, args);
        });
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
