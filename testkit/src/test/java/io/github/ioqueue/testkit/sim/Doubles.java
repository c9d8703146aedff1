package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ProtocolFamily;

/** A backend before another one, that may change what stream sockets are asked and answer. */
final class Doubles {

    /** What {@link Call} answers to leave a call as it is. */
    static final Object GO_ON = new Object();

    private Doubles() {}

    /** A call of a stream socket. */
    interface Call {
        Object made(Real real, String method, Object[] args) throws Throwable;
    }

    /** The same call on the real socket. */
    interface Real {
        Object call(Object[] args) throws Throwable;
    }

    static IoBackend of(IoBackend inner, Call call, boolean wakes) {
        return new IoBackend() {
            @Override
            public String name() {
                return "double";
            }

            @Override
            public Demultiplexer openDemultiplexer() throws IOException {
                return new Waiting(inner.openDemultiplexer(), wakes);
            }

            @Override
            public StreamPort openStream(ProtocolFamily family) throws IOException {
                return stream(inner.openStream(family), call);
            }

            @Override
            public ListenerPort openListener(ProtocolFamily family) throws IOException {
                return proxy(ListenerPort.class, new Port(inner.openListener(family), call));
            }

            @Override
            public DatagramPort openDatagram(ProtocolFamily family) throws IOException {
                return inner.openDatagram(family);
            }
        };
    }

    private static StreamPort stream(StreamPort real, Call call) {
        return proxy(StreamPort.class, new Port(real, call));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private record Port(SocketPort real, Call call) implements InvocationHandler {

        @Override
        public Object invoke(Object self, Method method, Object[] args) throws Throwable {
            Real onReal = given -> onReal(method, given);
            Object answer = real instanceof StreamPort ? call.made(onReal, method.getName(), args) : GO_ON;
            if (answer.equals(GO_ON)) {
                answer = onReal.call(args);
            }
            return answer instanceof StreamPort accepted ? stream(accepted, call) : answer;
        }

        private Object onReal(Method method, Object[] args) throws Throwable {
            try {
                return method.invoke(real, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private record Waiting(Demultiplexer inner, boolean wakes) implements Demultiplexer {

        @Override
        public Registration register(SocketPort port, Object attachment) throws IOException {
            boolean isDouble = Proxy.isProxyClass(port.getClass());
            return inner.register(isDouble ? ((Port) Proxy.getInvocationHandler(port)).real() : port, attachment);
        }

        @Override
        public void wait(ReadyList ready, long timeoutNanos) throws IOException {
            inner.wait(ready, timeoutNanos);
        }

        @Override
        public void wakeup() {
            if (wakes) {
                inner.wakeup();
            }
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
