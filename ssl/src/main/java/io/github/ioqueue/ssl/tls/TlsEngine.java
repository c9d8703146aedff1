package io.github.ioqueue.ssl.tls;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TLS connection without I/O and without threads: ciphertext in, plaintext out, protocol bytes out.
 *
 * <pre>
 *    netIn  ---- receive ----> appOut        a step says what the engine waits for;
 *    appIn  ---- send -------> netOut        facts are states to ask: handshakeDone, inboundClosed
 *                flush ------> netOut        flights, tickets, key update answers, alerts, close_notify
 * </pre>
 *
 * After every receive, send, task and failure the caller flushes: {@code while (flush(netOut) == PROGRESS)}. Each call handles at
 * most one record, so that records without data can be counted. An engine that breaks one of these rules is at fault, and
 * its connection fails:
 *
 * <ul>
 *   <li>A step that says {@code PROGRESS} has moved a buffer or a fact. One that throws has moved nothing.
 *   <li>Positions move forwards, limits not at all. Facts stay once they are so.
 *   <li>No plaintext comes out before the handshake is done, and no more than ciphertext went in. Plaintext that is taken is in the ciphertext.
 *   <li>What it wants comes of what it asks: with as much room as it says, it wants no more; after {@code WANT_FLUSH} there
 *       is something to flush.
 *   <li>Of itself it says no more than one message may be long, 2<sup>24</sup> bytes in 1,024 records; then it has to
 *       be asked again, by input, plaintext, {@link #rekey}, {@link #closeNotify} or {@link #fail}.
 *   <li>After a failure close_notify never leaves: it tells the peer that it has received everything (RFC 8446, 6.1). A
 *       connection fails when a method throws a {@link TlsException}, and by {@link #fail}. Then flush yields a fatal alert, or
 *       nothing; what waited inside may precede it. A {@link #closeNotify} that comes later has no effect.
 * </ul>
 *
 * <p>One call at a time, from any thread, each happening-before the next; none after {@link #close}. Buffers are of the
 * {@link #memory} the engine asks for; others work, but slower.
 */
public interface TlsEngine {

    /** The most room that an engine may ask for, in bytes. */
    int MOST_ROOM = 256 << 10;

    /** What a call came to. */
    enum Step {
        /** It consumed, produced or changed something: call again. */
        PROGRESS,
        /** Nothing to do before more ciphertext has come; of {@link #flush}: nothing more to say. */
        WANT_INPUT,
        /** {@code appOut} has not {@link #appSize} bytes of room; of {@link #receive} only. */
        WANT_APP_SPACE,
        /** {@code netOut} has not {@link #netSize} bytes of room; not of {@link #receive}. */
        WANT_NET_SPACE,
        /** Call {@link #flush} first; not of flush itself. */
        WANT_FLUSH,
        /** Run {@link #takeTask}'s task first. */
        WANT_TASK,
        /** This direction has ended. Of {@link #receive}: by the peer's close_notify, or after {@link #closeNotify}. */
        CLOSED
    }

    /** The kind of buffer an engine works fastest on. */
    enum Memory {
        /** Arrays. */
        HEAP,
        /** Direct buffers. */
        DIRECT
    }

    /**
     * Decrypts at most one record, or the rest of one, from {@code netIn} into {@code appOut}. Consumed input is garbage
     * afterwards; an incomplete record stays in {@code netIn}. After {@code PROGRESS} call again even when {@code netIn}
     * is empty: the rest of a record may be inside.
     *
     * @throws TlsException the connection has failed: flush the alert, then close
     */
    Step receive(ByteBuffer netIn, ByteBuffer appOut) throws TlsException;

    /**
     * Encrypts at most one record; consumes of {@code appIn} only what is in {@code netOut}, or is flushed next. During a handshake it takes
     * nothing and says what the handshake waits for; one that has ended begins again by {@link #receive} or {@link #rekey}
     * only. {@code CLOSED} after {@link #closeNotify}, and where the peer's
     * close_notify ends both directions.
     *
     * @throws TlsException the connection has failed: flush the alert, then close
     */
    Step send(ByteBuffer appIn, ByteBuffer netOut) throws TlsException;

    /**
     * Moves protocol bytes out, at most one record. The first call of a client begins the handshake. After a failure it
     * yields the alert, if there is one, throws no more and ends with {@code CLOSED}.
     *
     * @throws TlsException the connection has failed, here or in the task
     */
    Step flush(ByteBuffer netOut) throws TlsException;

    /**
     * The work a {@code WANT_TASK} asks for: to be run once, on any thread. Until it has returned nothing else may be
     * called. What fails in it is thrown by the next call. Null if there is none.
     */
    @Nullable Runnable takeTask();

    /**
     * Ends the outgoing direction: nothing can be sent after it, and {@link #flush} yields the close_notify. What the peer
     * still sends is received with {@link TlsCapability#READ_ON}; else it is dropped unread, and the peer's close_notify with
     * it. Idempotent; without effect after a failure.
     */
    void closeNotify();

    /**
     * Fails the connection from this side. The caller found the failure, or drops bytes that it accepted for sending. After
     * this call, as after a thrown {@link TlsException}, only {@link #flush} is called: it yields a fatal alert and then says
     * {@code CLOSED}. It never yields close_notify. Idempotent; without effect on a connection that has failed before.
     *
     * <p>The caller may send an ordinary FIN behind the alert. Without an alert it has to reset the connection, for then
     * nothing tells the peer that bytes are missing.
     *
     * @param alert the kind of alert; a hint, for some engines cannot choose the kind of the alert that they make
     * @return true if flush yields a fatal alert, or has yielded it; false if the engine can make none, for example because
     *     the handshake has not begun, or close_notify was read, or {@link #closeNotify} was called: then flush says
     *     {@code CLOSED} at once. After a thrown {@link TlsException} it returns whether that failure has an alert
     */
    boolean fail(TlsAlert alert);

    /**
     * Has the keys changed: by a key update with TLS 1.3, by a new handshake with TLS 1.2. What has to be said is flushed.
     *
     * @throws UnsupportedOperationException without {@link TlsCapability#REKEY}
     * @throws TlsException the connection has failed: flush the alert, then close
     */
    void rekey() throws TlsException;

    /**
     * Keying material for another protocol (RFC 5705, RFC 8446 7.5), the same on both ends.
     *
     * @param context null is another than an empty one with TLS 1.2
     * @throws UnsupportedOperationException without {@link TlsCapability#EXPORTER}
     * @throws TlsException if the handshake is not done, or it cannot be had
     */
    byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) throws TlsException;

    /** Whether the handshake is complete. Once true it stays so. */
    boolean handshakeDone();

    /**
     * Returns true if the peer's close_notify was read. An end of the transport before that is a truncation. An engine that
     * produces its own close_notify because of it returns true as soon as the step that read it has returned.
     */
    boolean inboundClosed();

    /** How much room {@code netOut} needs for any record, at most 256 KiB. May grow: {@code WANT_NET_SPACE} has it asked again. */
    int netSize();

    /** How much room {@code appOut} needs for any record, at most 256 KiB. May grow: {@code WANT_APP_SPACE} has it asked again. */
    int appSize();

    /** The kind of buffer it wants. */
    Memory memory();

    /**
     * Facts about the connection, as of now.
     *
     * @throws IllegalStateException if the handshake is not done
     */
    TlsSession session();

    /** Ends both directions and frees what the engine holds outside the heap. Idempotent; not while a task runs. */
    void close();
}
