package io.github.ioqueue.tests.tls;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the records without data that a context's engines receive behind their handshakes. */
final class RecordCounter implements TlsContext {

    private final TlsContext context;
    private final AtomicInteger withoutData = new AtomicInteger();

    RecordCounter(TlsContext context) {
        this.context = context;
    }

    int withoutData() {
        return withoutData.get();
    }

    @Override
    public TlsBackend backend() {
        return context.backend();
    }

    @Override
    public TlsConfig config() {
        return context.config();
    }

    @Override
    public TlsEngine client(String host, int port) throws TlsException {
        return watched(context.client(host, port));
    }

    @Override
    public TlsEngine server() throws TlsException {
        return watched(context.server());
    }

    private TlsEngine watched(TlsEngine engine) {
        return (TlsEngine) Proxy.newProxyInstance(
                TlsEngine.class.getClassLoader(), new Class<?>[] {TlsEngine.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("receive") || !engine.handshakeDone()) {
                        return call(engine, method, arguments);
                    }
                    ByteBuffer in = (ByteBuffer) arguments[0];
                    ByteBuffer out = (ByteBuffer) arguments[1];
                    int before = in.remaining();
                    int room = out.remaining();
                    Object step = call(engine, method, arguments);
                    if (in.remaining() < before && out.remaining() == room && !engine.inboundClosed()) {
                        withoutData.incrementAndGet();
                    }
                    return step;
                });
    }

    private static Object call(TlsEngine engine, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(engine, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
