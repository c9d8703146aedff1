package io.github.ioqueue.tests.tls.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.jsse.JdkBackend;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines that end a failure otherwise than by a fatal alert: each breaks a case of the contract. */
class FalseAlertsTest {

    private static final List<String> FAILED_HERE = List.of(
            "aFailureOfThisEndAfterTheHandshakeEndsInAnAlert",
            "aFailureAmidstDataEndsInAnAlert",
            "aFailureOfThisEndBetweenTwoStepsEndsInNoCloseNotify");
    private static final List<String> FAILED_BY_PEER =
            List.of("whatIsNoTlsAfterTheHandshakeEndsInAnAlert", "whatIsNoTlsDuringTheHandshakeEndsInNoCloseNotify");

    /** What is wrong with an engine. */
    private enum Fault {
        /** Nothing. */
        NONE,
        /** After {@code fail} it says close_notify. */
        CLOSE_NOTIFY_WHEN_FAILED,
        /** It finds that what comes is not TLS, and says close_notify. */
        CLOSE_NOTIFY_WHEN_FOREIGN,
        /** It makes no alert, and says so. */
        NO_ALERT,
        /** It makes no alert, and claims one. */
        ALERT_CLAIMED,
        /** It makes an alert, and denies it. */
        ALERT_DENIED
    }

    /** Takes a call, or null to pass it on. */
    private interface Interceptor {
        @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T around(Class<T> type, T target, Interceptor interceptor) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object taken = interceptor.call(method, arguments);
                    return taken != null ? taken : passOn(target, method, arguments);
                }));
    }

    private static @Nullable Object passOn(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static TlsBackend backend(Fault fault) {
        TlsBackend good = new JdkBackend();
        return around(TlsBackend.class, good, (method, arguments) -> {
            if (!method.getName().equals("context")) {
                return null;
            }
            TlsContext context = (TlsContext) passOn(good, method, arguments);
            return around(TlsContext.class, context, (made, of) -> {
                if (made.getReturnType() != TlsEngine.class) {
                    return null;
                }
                TlsEngine engine = (TlsEngine) passOn(context, made, of);
                return around(TlsEngine.class, engine, new FaultyEngine(engine, fault));
            });
        });
    }

    private static final class FaultyEngine implements Interceptor {
        private final TlsEngine engine;
        private final Fault fault;
        private boolean silent;
        private boolean foreign;

        FaultyEngine(TlsEngine engine, Fault fault) {
            this.engine = engine;
            this.fault = fault;
        }

        @Override
        public @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
            return switch (method.getName()) {
                case "fail" -> fail(method, arguments);
                case "flush" -> silent ? Step.CLOSED : null;
                case "receive" -> arguments == null ? null : receive((ByteBuffer) arguments[0]);
                default -> null;
            };
        }

        private @Nullable Object fail(Method method, Object @Nullable [] arguments) throws Throwable {
            switch (fault) {
                case CLOSE_NOTIFY_WHEN_FAILED -> engine.closeNotify();
                case NO_ALERT, ALERT_CLAIMED -> silent = true;
                case ALERT_DENIED -> passOn(engine, method, arguments);
                default -> {
                    return foreign ? true : null;
                }
            }
            return fault == Fault.CLOSE_NOTIFY_WHEN_FAILED || fault == Fault.ALERT_CLAIMED;
        }

        private @Nullable Object receive(ByteBuffer in) throws TlsException {
            boolean isTls = !in.hasRemaining() || (in.get(in.position()) >= 20 && in.get(in.position()) <= 24);
            if (fault != Fault.CLOSE_NOTIFY_WHEN_FOREIGN || isTls) {
                return null;
            }
            foreign = true;
            engine.closeNotify();
            throw new TlsException(Reason.NOT_TLS, "as it was once");
        }

        @Override
        public String toString() {
            return fault.toString();
        }
    }

    static Stream<Fault> faults() {
        return EnumSet.complementOf(EnumSet.of(Fault.NONE)).stream();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anEngineThatEndsAFailureOtherwiseBreaksACase(Fault fault) throws Exception {
        List<String> cases = fault == Fault.CLOSE_NOTIFY_WHEN_FOREIGN ? FAILED_BY_PEER : FAILED_HERE;
        for (String name : cases) {
            assertThat(ContractRun.failures(backend(fault), name)).as(name).isPositive();
        }
    }

    /** So that it is the fault that broke it. */
    @Test
    void theSameEngineWithoutAFaultBreaksNone() throws Exception {
        for (List<String> cases : Arrays.asList(FAILED_HERE, FAILED_BY_PEER)) {
            for (String name : cases) {
                assertThat(ContractRun.failures(backend(Fault.NONE), name))
                        .as(name)
                        .isZero();
            }
        }
    }
}
