package io.github.ioqueue.activesock;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.sim.SimulatedNetwork;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A simulated network that several threads may use: a lock around each of its calls, none of which really waits. */
final class OneAtATime implements InvocationHandler {

    private final Object lock;
    private final Object target;

    private OneAtATime(Object lock, Object target) {
        this.lock = lock;
        this.target = target;
    }

    static IoBackend of(SimulatedNetwork network) {
        return (IoBackend) guarded(network, network);
    }

    /** The same with the lock, if it is something that makes or is a socket of the network. */
    private static @Nullable Object guarded(Object lock, @Nullable Object target) {
        Class<?>[] faces = target == null ? new Class<?>[0] : target.getClass().getInterfaces();
        Class<?>[] ours = Arrays.stream(faces)
                .filter(face -> SocketPort.class.isAssignableFrom(face)
                        || face == Demultiplexer.class
                        || face == IoBackend.class)
                .toArray(Class<?>[]::new);
        return target == null || ours.length == 0
                ? target
                : Proxy.newProxyInstance(StreamPort.class.getClassLoader(), ours, new OneAtATime(lock, target));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        Object[] plain = args == null ? new Object[0] : args.clone();
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] != null
                    && Proxy.isProxyClass(plain[i].getClass())
                    && Proxy.getInvocationHandler(plain[i]) instanceof OneAtATime guard) {
                plain[i] = guard.target;
            }
        }
        synchronized (lock) {
            try {
                method.setAccessible(true);
                return guarded(lock, method.invoke(target, plain));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
