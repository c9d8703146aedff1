package io.github.ioqueue.activesock;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.WriteOp;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connected stream: the tiny interface that plain sockets and those with a protocol on top, such as TLS, share. Events
 * go to a {@link StreamHandler}. Methods may be called from any thread unless they say otherwise.
 */
public interface StreamSocket extends AutoCloseable {

    /** What became of a copying send. */
    enum Sent {
        /** All bytes are accepted. They go out in order, or the peer sees a failure (R13). */
        TAKEN,
        /** Too much is queued: nothing was taken, and one {@link StreamHandler#onWritable} will come. */
        FULL,
        /** The socket is closed or closing: nothing was taken; {@link StreamHandler#onClosed} came or will. */
        CLOSED
    }

    /** What became of a send without copy. */
    enum Sending {
        /** Written; the op is idle and yours. */
        DONE,
        /** On its way: the op and its buffer belong to the library until {@link StreamHandler#onSent}. */
        PENDING,
        /** Too much is queued: the op is idle and yours, and one {@link StreamHandler#onWritable} will come. */
        FULL,
        /** The socket is closed or closing: the op is idle and yours. */
        CLOSED
    }

    /**
     * Sends what remains in {@code src}, all or nothing. The buffer is yours again when this returns. Small sends of one
     * turn leave together in one system call at its end.
     */
    Sent send(ByteBuffer src);

    /**
     * Sends what remains in the op's buffer, without copying it and all or nothing, in order with the other sends.
     *
     * @throws IllegalStateException if the op is pending
     */
    Sending send(WriteOp op);

    /** Stops {@link StreamHandler#onData}: at once on the polling thread, soon when called from another. */
    void pauseReading();

    /** Lets {@link StreamHandler#onData} come again; what was left unread comes first. */
    void resumeReading();

    /**
     * Ends the outgoing stream behind all accepted bytes; later sends return {@code CLOSED}. Reading goes on. {@link
     * StreamHandler#onOutputEnded} is called when the kernel has the end.
     */
    void shutdownOutput();

    /**
     * Sends all accepted bytes, ends the outgoing stream, waits for the peer's end and closes. It drops the bytes that the
     * peer still sends. If the kernel takes no byte for {@link StreamConfig#closeTimeout}, or {@link
     * StreamConfig#closeLimit} is over, the connection is reset and the reason is {@code TIMED_OUT}. If only the peer's end
     * is missing then, it is an orderly close (R15). Idempotent.
     */
    @Override
    void close();

    /** Closes at once: drops the queued bytes, and the peer sees a reset. */
    default void abort() {
        abort(new CloseReason(CloseReason.Kind.LOCAL, null));
    }

    /** As {@link #abort()}, and this is what {@code onClosed} tells, unless the socket is closed for another reason. */
    void abort(CloseReason why);

    /** Exchanges the handler; what is unread goes to the new one. Polling thread only. */
    void handler(StreamHandler next);

    /** How many bytes were received and not taken by the handler. Polling thread only. */
    int unread();

    /** How many bytes were accepted and not yet written. */
    long queuedBytes();

    /**
     * When the kernel last took bytes of this stream, or it was opened, by {@link IoQueue#roundNanos}. Polling thread only.
     */
    long lastOutputNanos();

    /** The local address, also when the socket is closed; null if unknown or unnamed. */
    @Nullable SocketAddress localAddress();

    /** The peer's address, also when the socket is closed, and the one that a failed connect tried; null if unnamed. */
    @Nullable SocketAddress remoteAddress();

    /** Its limits and habits. */
    StreamConfig config();

    /** The queue whose polling thread runs the handler. */
    IoQueue queue();

    /** What {@link #attachment(Object)} set, or null. */
    @Nullable Object attachment();

    /** Attaches any object. */
    void attachment(@Nullable Object object);

    /** One sentence on what it is, what it is doing and what it waits for. */
    String explain();
}
