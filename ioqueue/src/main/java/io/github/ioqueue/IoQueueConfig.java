package io.github.ioqueue;

import io.github.ioqueue.spi.IoBackend;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How a queue works. Start from {@link #defaults()} or {@link #builder()}.
 *
 * @param backend opens the sockets and waits for them; default {@link IoBackend#system()}
 * @param fastTrack whether ops are tried in {@code submit}; can be changed while running; default on
 * @param burst how many ops of one key may finish in one round (R10); default 32
 * @param pooledBytes how many bytes of free buffers a queue keeps; default 8 MiB
 * @param nanoClock the clock of the timers; default {@link System#nanoTime}
 * @param errorHandler is told what callbacks throw (R9); default {@link ErrorHandler#logging()}
 * @param probe observes every transition; default none
 */
public record IoQueueConfig(
        IoBackend backend,
        FastTrack fastTrack,
        int burst,
        long pooledBytes,
        LongSupplier nanoClock,
        ErrorHandler errorHandler,
        QueueProbe probe) {

    /** Checks the values. */
    public IoQueueConfig {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(fastTrack, "fastTrack");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(errorHandler, "errorHandler");
        Objects.requireNonNull(probe, "probe");
        if (burst < 1) {
            throw new IllegalArgumentException("burst is at least 1, not " + burst);
        }
        if (pooledBytes < 0) {
            throw new IllegalArgumentException("pooledBytes is not negative, as " + pooledBytes);
        }
    }

    /** The defaults of every component. */
    public static IoQueueConfig defaults() {
        return builder().build();
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the components; each method returns the builder. */
    public static final class Builder {

        private IoBackend backend = IoBackend.system();
        private FastTrack fastTrack = FastTrack.ON;
        private int burst = 32;
        private long pooledBytes = 8L << 20;
        private LongSupplier nanoClock = System::nanoTime;
        private ErrorHandler errorHandler = ErrorHandler.logging();
        private QueueProbe probe = QueueProbe.NONE;

        private Builder() {}

        /** Sets the backend. */
        public Builder backend(IoBackend value) {
            backend = value;
            return this;
        }

        /** Sets the fast track. */
        public Builder fastTrack(FastTrack value) {
            fastTrack = value;
            return this;
        }

        /** Sets the burst. */
        public Builder burst(int value) {
            burst = value;
            return this;
        }

        /** Sets how many bytes of free buffers are kept. */
        public Builder pooledBytes(long value) {
            pooledBytes = value;
            return this;
        }

        /** Sets the clock. */
        public Builder nanoClock(LongSupplier value) {
            nanoClock = value;
            return this;
        }

        /** Sets the error handler. */
        public Builder errorHandler(ErrorHandler value) {
            errorHandler = value;
            return this;
        }

        /** Sets the probe. */
        public Builder probe(QueueProbe value) {
            probe = value;
            return this;
        }

        /** The configuration. */
        public IoQueueConfig build() {
            return new IoQueueConfig(backend, fastTrack, burst, pooledBytes, nanoClock, errorHandler, probe);
        }
    }
}
