package io.github.ioqueue.activesock;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A backend around another; every call of it, its sockets and its demultiplexers goes through an {@link Around}. */
final class InterceptedBackend implements InvocationHandler {

    private static final Set<String> WRITES = Set.of("write", "gather");

    /** What is done around a call. */
    interface Around {
        @Nullable Object call(Method method, Call call) throws Throwable;
    }

    /** The call itself. */
    interface Call {
        @Nullable Object make() throws Throwable;
    }

    private final Around around;
    private final Object target;

    private InterceptedBackend(Around around, Object target) {
        this.around = around;
        this.target = target;
    }

    /** A simulated network that several threads may use: a lock around each of its calls, none of which really waits. */
    static IoBackend oneAtATime(SimulatedNetwork network) {
        return of(network, (method, call) -> {
            synchronized (network) {
                return call.make();
            }
        });
    }

    /** A backend whose sockets fail to write, or to read, while there is such a failure. */
    static IoBackend failing(
            IoBackend backend, Supplier<@Nullable IOException> writing, Supplier<@Nullable IOException> reading) {
        return of(backend, (method, call) -> {
            boolean reads = method.getName().equals("read");
            IOException failure = reads ? reading.get() : WRITES.contains(method.getName()) ? writing.get() : null;
            Object answer = failure == null || reads ? call.make() : null; // what was read is gone
            if (failure != null) {
                throw failure;
            }
            return answer;
        });
    }

    private static IoBackend of(IoBackend backend, Around around) {
        return (IoBackend) intercepted(around, backend);
    }

    /** The same behind a proxy, if it is something that makes or is a socket of the backend. */
    private static @Nullable Object intercepted(Around around, @Nullable Object target) {
        Class<?>[] faces = target == null ? new Class<?>[0] : target.getClass().getInterfaces();
        Class<?>[] ours = Arrays.stream(faces)
                .filter(face -> SocketPort.class.isAssignableFrom(face)
                        || face == Demultiplexer.class
                        || face == IoBackend.class)
                .toArray(Class<?>[]::new);
        return target == null || ours.length == 0
                ? target
                : Proxy.newProxyInstance(
                        StreamPort.class.getClassLoader(), ours, new InterceptedBackend(around, target));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        Object[] plain = args == null ? new Object[0] : args.clone();
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] != null
                    && Proxy.isProxyClass(plain[i].getClass())
                    && Proxy.getInvocationHandler(plain[i]) instanceof InterceptedBackend intercepted) {
                plain[i] = intercepted.target;
            }
        }
        return around.call(method, () -> {
            try {
                method.setAccessible(true);
                return intercepted(around, method.invoke(target, plain));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
