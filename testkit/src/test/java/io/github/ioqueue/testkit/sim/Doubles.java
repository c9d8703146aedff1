package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.ReadyList;
import io.github.ioqueue.spi.SocketPort;
import io.github.ioqueue.testkit.InterposedBackend;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Doubles at the seams of a correct queue that make it look broken. */
final class Doubles {

    private Doubles() {}

    /** A backend whose stream sockets answer as {@code call} decides. */
    static IoBackend of(IoBackend inner, InterposedBackend.Call call) {
        return new InterposedBackend(inner, (port, family) -> call);
    }

    /** A backend that changes nothing. */
    static IoBackend none(IoBackend inner) {
        return of(inner, (real, method, args) -> InterposedBackend.UNCHANGED);
    }

    /** A backend whose wake-ups are lost. */
    static IoBackend deaf(IoBackend inner) {
        return new InterposedBackend(
                inner, (port, family) -> (real, method, args) -> InterposedBackend.UNCHANGED, Deaf::new);
    }

    // ---- calls of stream sockets

    /** The first two writes of a gathering one change places. */
    static @Nullable Object swap(InterposedBackend.Real real, String method, Object[] args) {
        if (method.equals("gather") && (int) args[1] > 1) {
            ByteBuffer[] srcs = (ByteBuffer[]) args[0];
            ByteBuffer first = srcs[0];
            srcs[0] = srcs[1];
            srcs[1] = first;
        }
        return InterposedBackend.UNCHANGED;
    }

    /** A call that would block fails. */
    static @Nullable Object failure(InterposedBackend.Real real, String method, Object[] args) throws Throwable {
        boolean isIo = method.equals("read") || method.equals("write");
        Object answer = isIo ? real.call(args) : InterposedBackend.UNCHANGED;
        if (isIo && answer != null && answer.equals(SocketPort.WOULD_BLOCK)) {
            throw new IOException("Resource temporarily unavailable");
        }
        return answer;
    }

    /** A close is never a reset, whatever the queue asks for. */
    static @Nullable Object neverReset(InterposedBackend.Real real, String method, Object[] args) {
        if (method.equals("resetOnClose")) {
            return true;
        }
        boolean lingers = method.equals("option") && args.length == 2 && args[0] == StandardSocketOptions.SO_LINGER;
        return lingers ? null : InterposedBackend.UNCHANGED;
    }

    /** A write takes a byte that goes nowhere. */
    static @Nullable Object swallow(InterposedBackend.Real real, String method, Object[] args) throws Throwable {
        if (method.equals("write") && ((ByteBuffer) args[0]).remaining() == 1) {
            ((ByteBuffer) args[0]).get();
            return 1;
        }
        return InterposedBackend.UNCHANGED;
    }

    // ---- demultiplexers

    private record Deaf(Demultiplexer inner) implements Demultiplexer {

        @Override
        public Registration register(SocketPort port, Object attachment) throws IOException {
            return inner.register(port, attachment);
        }

        @Override
        public void wait(ReadyList ready, long timeoutNanos) throws IOException {
            inner.wait(ready, timeoutNanos);
        }

        @Override
        public void wakeup() {}

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
