package io.github.ioqueue.tests.throwing;

import io.github.ioqueue.activesock.framing.Framer;
import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ListenerPort;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.AllArguments;
import net.bytebuddy.implementation.bind.annotation.FieldValue;
import net.bytebuddy.implementation.bind.annotation.Origin;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;

/**
 * Makes one hook throw, once or for ever. A hook is a method of an interface that others implement; {@link #around} stands before every
 * method of one, and of what it returns. A {@link java.lang.reflect.Proxy} would wrap a checked exception that the method
 * does not declare, so the classes are made here. Any thread.
 */
final class Trap {

    /** Whether the method does its work before it throws. */
    enum When {
        INSTEAD,
        BEHIND
    }

    /** What the seams return that is a seam, too. */
    private static final Set<Class<?>> SEAMS = Set.of(
            StreamPort.class,
            ListenerPort.class,
            DatagramPort.class,
            Demultiplexer.class,
            Demultiplexer.Registration.class,
            TlsEngine.class,
            TlsContext.class,
            TlsBackend.class,
            Framer.class);

    /** Whoever calls what throws so often calls it for ever. */
    static final int MAX_TIMES = 1000;

    private static final Map<Class<?>, Class<?>> CLASSES = new ConcurrentHashMap<>();

    /** One that throws. */
    private record Armed(String hook, int call, When when, Throwable thrown) {

        boolean isForEver() {
            return call == 0;
        }
    }

    private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger sprung = new AtomicInteger();

    /** Has this call of the hook throw, counted from 1 and from now, or each call if it is 0. */
    void arm(String hook, int call, When when, Throwable thrown) {
        calls.set(0);
        armed.set(new Armed(hook, call, when, thrown));
    }

    void disarm() {
        armed.set(null);
    }

    /** How often it has thrown. */
    int sprung() {
        return sprung.get();
    }

    /** The object behind a trap named after its interface. */
    <T> T around(Class<T> type, T real) {
        return around(type, null, real);
    }

    /** The object behind a trap; a functional interface of the JDK is named after the method that takes it. */
    <T> T around(Class<T> type, @Nullable String name, T real) {
        try {
            Object made = CLASSES.computeIfAbsent(type, Trap::implement)
                    .getConstructor()
                    .newInstance();
            made.getClass().getField("seam").set(made, new Seam(this, type, name, real));
            return type.cast(made);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Class<?> implement(Class<?> type) {
        return new ByteBuddy()
                .subclass(Object.class)
                .implement(type)
                .defineField("seam", Seam.class, Visibility.PUBLIC)
                .method(ElementMatchers.isVirtual()
                        .and(ElementMatchers.not(ElementMatchers.isDeclaredBy(Object.class))))
                .intercept(MethodDelegation.to(Interceptor.class))
                .make()
                .load(Trap.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
                .getLoaded();
    }

    /** Where one object is called. Public: classes made at run time come here. */
    public record Seam(Trap trap, Class<?> type, @Nullable String name, Object real) {

        Object call(Method method, Object[] args) throws Throwable {
            String hook = name != null ? name : type.getSimpleName() + "." + method.getName();
            trap.spring(hook, When.INSTEAD);
            Object answer = onReal(method, args);
            trap.spring(hook, When.BEHIND);
            return trap.wrapped(method.getReturnType(), answer);
        }

        private Object onReal(Method method, Object[] args) throws Throwable {
            Object[] plain = args.clone();
            for (int i = 0; i < plain.length; i++) {
                plain[i] = plain[i] instanceof SocketPort ? unwrapped(plain[i]) : plain[i];
            }
            try {
                method.setAccessible(true);
                return method.invoke(real, plain);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    /** What the made classes call. */
    public static final class Interceptor {

        private Interceptor() {}

        /** Calls the seam. */
        @RuntimeType
        public static Object call(@FieldValue("seam") Seam seam, @Origin Method method, @AllArguments Object[] args)
                throws Throwable {
            return seam.call(method, args);
        }
    }

    private void spring(String hook, When when) throws Throwable {
        Armed now = armed.get();
        if (now == null || !now.hook.equals(hook) || now.when != when) {
            return;
        }
        boolean hit = calls.incrementAndGet() == now.call && armed.compareAndSet(now, null);
        if (hit || (now.isForEver() && sprung.get() < MAX_TIMES)) {
            sprung.getAndIncrement();
            throw now.thrown;
        }
    }

    private @Nullable Object wrapped(Class<?> type, @Nullable Object answer) {
        return answer != null && SEAMS.contains(type) ? around(cast(type), answer) : answer;
    }

    @SuppressWarnings("unchecked")
    private static Class<Object> cast(Class<?> type) {
        return (Class<Object>) type;
    }

    /** The object behind the trap. */
    static @Nullable Object unwrapped(@Nullable Object object) {
        if (object == null || !CLASSES.containsValue(object.getClass())) {
            return object;
        }
        try {
            return ((Seam) object.getClass().getField("seam").get(object)).real();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
