package io.github.ioqueue.ssl;

import io.github.ioqueue.IoQueue;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * TLS over any stream socket. Sends, limits, lengths and callbacks are those of the plaintext; reasons to close are those
 * of any stream, and {@code TRUNCATED} when the peer's stream ended without close_notify. A failure's cause is a {@link
 * TlsException}, which says whose fault it is.
 *
 * <p>close_notify is sent only behind every accepted byte, and never after a failure (R13). A failure sends a fatal alert, or
 * resets the connection if the engine can make no alert. Accepted bytes that wait behind a failure are dropped, and {@link
 * CloseReason#unsentBytes} counts them.
 *
 * <p>This is the user's side; {@code TlsConnection} is behind it. Everything runs on the polling thread; sends of other threads
 * are handed over in order. {@link TlsLayer} puts TLS on a connection.
 */
public final class SslSocket implements StreamSocket {

    private final StreamSocket below;
    private final TlsConnection connection;
    private volatile @Nullable Object attachment;

    private SslSocket(
            StreamSocket below,
            TlsContext context,
            TlsEngine engine,
            StreamHandler handler,
            StreamConfig config,
            TlsProbe probe) {
        this.below = below;
        this.connection = new TlsConnection(this, below, context, engine, handler, config, probe);
    }

    /**
     * Begins TLS as the client on an open socket, which belongs to this one from here on. Polling thread only. {@code
     * onOpen} comes when the handshake is done, {@code onClosed} when it failed. The socket may have been in use, as with
     * STARTTLS. Bytes that its handler leaves in {@code onData} are then read as TLS, never as data.
     *
     * @param host the name or address to verify and to ask for; see {@link TlsContext#client}
     * @throws TlsException if the configuration is not good, or the socket has unread bytes that came in the clear,
     *     which somebody may have put there (RFC 3207, 5); the socket is still the caller's then
     */
    public static SslSocket client(
            StreamSocket below,
            TlsContext context,
            @Nullable String host,
            int port,
            StreamHandler handler,
            StreamConfig config)
            throws TlsException {
        return client(below, context, host, port, handler, config, TlsProbe.NONE);
    }

    static SslSocket client(
            StreamSocket below,
            TlsContext context,
            @Nullable String host,
            int port,
            StreamHandler handler,
            StreamConfig config,
            TlsProbe probe)
            throws TlsException {
        requireNothingUnread(below);
        return start(new SslSocket(below, context, context.client(host, port), handler, config, probe));
    }

    /** Begins TLS as the server; otherwise as {@link #client}. */
    public static SslSocket server(StreamSocket below, TlsContext context, StreamHandler handler, StreamConfig config)
            throws TlsException {
        return server(below, context, handler, config, TlsProbe.NONE);
    }

    static SslSocket server(
            StreamSocket below, TlsContext context, StreamHandler handler, StreamConfig config, TlsProbe probe)
            throws TlsException {
        requireNothingUnread(below);
        return start(new SslSocket(below, context, context.server(), handler, config, probe));
    }

    private static void requireNothingUnread(StreamSocket below) throws TlsException {
        if (below.unread() > 0) {
            throw new TlsException(
                    Reason.PEER_MISBEHAVED, below.unread() + " bytes came in the clear before TLS began");
        }
    }

    private static SslSocket start(SslSocket socket) {
        socket.connection.start();
        return socket;
    }

    // ---- the verbs

    @Override
    public Sent send(ByteBuffer src) {
        return connection.outbound().plaintext().send(src);
    }

    @Override
    public Sending send(WriteOp op) {
        return connection.outbound().plaintext().send(op);
    }

    @Override
    public void pauseReading() {
        connection.inbound().pause();
    }

    @Override
    public void resumeReading() {
        connection.inbound().resume();
    }

    /**
     * Sends close_notify behind all accepted bytes. Reading goes on where the backend and the peer can. A peer with TLS 1.2
     * must close at once (RFC 5246, 7.2.1), one with TLS 1.3 need not (RFC 8446, 6.1). A backend without {@link
     * TlsCapability#READ_ON} cannot read the peer's close_notify then. The first bytes that come end the connection as
     * {@code TRUNCATED}: use {@link #close} with such a backend.
     *
     * <p>During the handshake this is done when the handshake is. After the peer's close_notify it closes.
     */
    @Override
    public void shutdownOutput() {
        connection.outbound().budget().shut();
        onLoop(connection::endOutput);
    }

    /**
     * Sends all accepted bytes and close_notify behind them, then closes the socket below, which waits for the end of the
     * peer's stream. The deadlines are those of {@link StreamSocket#close}. During the handshake, if nothing was accepted, it
     * ends the handshake by an alert or a reset; else it does all this when the handshake is done.
     */
    @Override
    public void close() {
        connection.outbound().budget().shut();
        onLoop(connection::closeGracefully);
    }

    @Override
    public void abort(CloseReason why) {
        connection.outbound().budget().shut();
        onLoop(() -> connection.abortNow(why));
    }

    private void onLoop(Runnable task) {
        if (queue().inLoop()) {
            task.run();
        } else {
            connection.later(task);
        }
    }

    @Override
    public void handler(StreamHandler next) {
        connection.handler(next);
    }

    /**
     * Has the keys changed: by a key update with TLS 1.3, by a renegotiation with TLS 1.2, which the peer may refuse by
     * failing the connection. Nothing happens before {@code onOpen} nor once it closes. Any thread.
     *
     * @throws UnsupportedOperationException if the backend has not {@link TlsCapability#REKEY}
     */
    public void rekey() {
        if (!connection.handshake().backend().capabilities().contains(TlsCapability.REKEY)) {
            throw new UnsupportedOperationException(
                    connection.handshake().backend().name() + " changes no keys on request");
        }
        onLoop(connection.outbound()::rekey);
    }

    /**
     * Keying material for another protocol, the same on both ends (RFC 5705, RFC 8446 7.5). Polling thread only.
     *
     * @param context null is another than an empty one with TLS 1.2
     * @throws UnsupportedOperationException if the backend has not {@link TlsCapability#EXPORTER}
     * @throws TlsException if the handshake is not done, or it cannot be had
     */
    public byte[] exportKeyingMaterial(String label, byte @Nullable [] context, int length) throws TlsException {
        return connection.handshake().exportKeyingMaterial(label, context, length);
    }

    // ---- seeing inside

    /** Facts about the connection; null before the handshake is done. Any thread. */
    public @Nullable TlsSession session() {
        return connection.handshake().session();
    }

    @Override
    public int unread() {
        return connection.inbound().unread();
    }

    @Override
    public long queuedBytes() {
        return connection.outbound().budget().bytes();
    }

    @Override
    public long lastOutputNanos() {
        return below.lastOutputNanos();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public StreamConfig config() {
        return connection.config();
    }

    @Override
    public IoQueue queue() {
        return below.queue();
    }

    @Override
    public @Nullable Object attachment() {
        return attachment;
    }

    @Override
    public void attachment(@Nullable Object object) {
        attachment = object;
    }

    @Override
    public String explain() {
        return connection + "; over " + below.explain();
    }

    @Override
    public String toString() {
        return explain();
    }
}
