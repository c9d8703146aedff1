package io.github.ioqueue.testkit;

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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stands before another backend: every call of a stream socket passes by a {@link Call}, which may note it, change it or
 * hold it up. Sockets of the other backend may be used with it, too; they pass unseen.
 */
public final class InterposedBackend implements IoBackend {

    /** The answer of a {@link Call} that leaves the call as it is. */
    public static final Object UNCHANGED = new Object();

    private final IoBackend inner;
    private final Interposer interposer;
    private final UnaryOperator<Demultiplexer> demultiplexer;

    /** Makes the {@link Call} of a stream socket that was opened or accepted. */
    @FunctionalInterface
    public interface Interposer {

        /**
         * Makes it.
         *
         * @param port the socket itself
         * @param family the one it was opened with; the listener's if it was accepted
         */
        Call before(StreamPort port, ProtocolFamily family);
    }

    /** Decides what comes of the calls of one stream socket. */
    @FunctionalInterface
    public interface Call {

        /**
         * Decides about one call.
         *
         * @param real makes the call on the socket itself
         * @param method the method of {@link StreamPort}
         * @param args its arguments
         * @return what the caller gets, or {@link #UNCHANGED} to make the call now
         */
        @Nullable Object made(Real real, String method, Object[] args) throws Throwable;
    }

    /** The same call on the socket itself. */
    @FunctionalInterface
    public interface Real {

        /** Makes it with these arguments. */
        @Nullable Object call(Object... args) throws Throwable;
    }

    /** Stands before {@code inner}. */
    public InterposedBackend(IoBackend inner, Interposer interposer) {
        this(inner, interposer, UnaryOperator.identity());
    }

    /** Stands before {@code inner}, with something before its demultiplexers, too. */
    public InterposedBackend(IoBackend inner, Interposer interposer, UnaryOperator<Demultiplexer> demultiplexer) {
        this.inner = inner;
        this.interposer = interposer;
        this.demultiplexer = demultiplexer;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public Demultiplexer openDemultiplexer() throws IOException {
        return new Unwrapping(demultiplexer.apply(inner.openDemultiplexer()));
    }

    @Override
    public StreamPort openStream(ProtocolFamily family) throws IOException {
        return stream(inner.openStream(family), family);
    }

    @Override
    public ListenerPort openListener(ProtocolFamily family) throws IOException {
        return proxy(ListenerPort.class, new Port(inner.openListener(family), this, family, PASS_ON));
    }

    @Override
    public DatagramPort openDatagram(ProtocolFamily family) throws IOException {
        return inner.openDatagram(family);
    }

    @Override
    public String toString() {
        return inner.toString();
    }

    private static final Call PASS_ON = (real, method, args) -> UNCHANGED;

    private StreamPort stream(StreamPort real, ProtocolFamily family) {
        return proxy(StreamPort.class, new Port(real, this, family, interposer.before(real, family)));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private record Port(SocketPort real, InterposedBackend backend, ProtocolFamily family, Call call)
            implements InvocationHandler {

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] args) throws Throwable {
            Real onReal = given -> onReal(method, given);
            Object[] given = args == null ? new Object[0] : args;
            Object answer = call.made(onReal, method.getName(), given);
            if (UNCHANGED.equals(answer)) {
                answer = onReal.call(given);
            }
            return answer instanceof StreamPort accepted ? backend.stream(accepted, family) : answer;
        }

        private @Nullable Object onReal(Method method, Object[] args) throws Throwable {
            try {
                return method.invoke(real, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    /** Registers the sockets themselves. */
    private record Unwrapping(Demultiplexer inner) implements Demultiplexer {

        @Override
        public Registration register(SocketPort port, Object attachment) throws IOException {
            boolean isOurs = Proxy.isProxyClass(port.getClass()) && Proxy.getInvocationHandler(port) instanceof Port;
            return inner.register(isOurs ? ((Port) Proxy.getInvocationHandler(port)).real() : port, attachment);
        }

        @Override
        public void wait(ReadyList ready, long timeoutNanos) throws IOException {
            inner.wait(ready, timeoutNanos);
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
