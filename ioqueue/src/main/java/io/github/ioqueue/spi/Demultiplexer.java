package io.github.ioqueue.spi;

import java.io.IOException;

/**
 * Waits for readiness of many sockets at once. Readiness is level-triggered: what is ready and of interest is reported
 * by every wait until it is no longer ready. All methods but {@link #wakeup} belong to the polling thread.
 */
public interface Demultiplexer extends AutoCloseable {

    /** Interest in, or readiness for, reading or receiving (the bits are those of {@code SelectionKey}). */
    int READ = 1;

    /** Interest in, or readiness for, writing or sending. */
    int WRITE = 1 << 2;

    /** Interest in, or readiness for, finishing a connect. */
    int CONNECT = 1 << 3;

    /** Interest in, or readiness for, accepting. */
    int ACCEPT = 1 << 4;

    /** One socket's place in a demultiplexer. */
    interface Registration {
        /** Replaces the interest; takes effect with the next wait. 0 means none: not even a reset is seen. */
        void interest(int bits);

        /** Ends the registration; idempotent. The port is closed by its owner, afterwards. */
        void cancel();
    }

    /**
     * Registers a port with no interest.
     *
     * @param attachment comes back in the {@link ReadyList}
     * @throws IllegalArgumentException if the port is another backend's
     */
    Registration register(SocketPort port, Object attachment) throws IOException;

    /**
     * Waits until a registered socket is ready, {@link #wakeup} is called, the thread is interrupted or the time has
     * passed. Runs no foreign code: it only adds to {@code ready}.
     *
     * @param timeoutNanos 0 to look without waiting, {@link Long#MAX_VALUE} to wait without limit
     * @throws IOException if waiting itself failed, which ends the queue
     */
    void wait(ReadyList ready, long timeoutNanos) throws IOException;

    /** Makes the wait under way, or else the next one, return at once. Any thread. */
    void wakeup();

    /** Closes the demultiplexer. Every port was closed before. */
    @Override
    void close() throws IOException;
}
