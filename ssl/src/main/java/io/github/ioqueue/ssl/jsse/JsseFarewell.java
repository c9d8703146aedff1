package io.github.ioqueue.ssl.jsse;

import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The last words of an engine that has failed, and its end.
 *
 * <pre>
 *   the engine failed ------> wrap twice, whatever the status says: its alert ---+
 *   we found the failure --------------------------------------------------------+--> close_notify: the only alert to be had
 *   it broke in the middle --> nothing
 * </pre>
 */
final class JsseFarewell {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int ALERT_WRAPS = 2;
    private static final int ALL_WRAPS = 4;

    /** What nobody is there to hear: an array for each connection that ends would cost as much as its end. */
    private static final ThreadLocal<ByteBuffer> UNHEARD = ThreadLocal.withInitial(() -> NOTHING);

    private final SSLEngine engine;
    private int wraps = -1;

    JsseFarewell(SSLEngine engine) {
        this.engine = engine;
    }

    /** From here on only an alert goes out: the engine's, if it has failed. */
    void begin(boolean failed) {
        if (!hasBegun()) {
            wraps = failed ? 0 : ALERT_WRAPS;
        }
    }

    /** From here on nothing goes out. */
    void skip() {
        wraps = ALL_WRAPS;
    }

    boolean hasBegun() {
        return wraps >= 0;
    }

    /** Yields the next word. */
    Step next(ByteBuffer netOut) {
        while (wraps < ALL_WRAPS) {
            if (wraps == ALERT_WRAPS) {
                engine.closeOutbound();
            }
            wraps++;
            if (wrap(netOut)) {
                return Step.PROGRESS;
            }
        }
        return Step.CLOSED;
    }

    private boolean wrap(ByteBuffer netOut) {
        try {
            return engine.wrap(NOTHING, netOut).bytesProduced() > 0;
        } catch (SSLException | RuntimeException e) {
            return false; // it has said why before
        }
    }

    /** Closes one that was only asked something; what it has against that is nobody's concern. */
    static void discard(SSLEngine engine) {
        try {
            new JsseFarewell(engine).end();
        } catch (RuntimeException e) {
            // It has answered.
        }
    }

    /** Closes both sides: until then one provider holds two descriptors, and has its close_notify taken off it, too. */
    void end() {
        try {
            endOutbound();
        } finally {
            endInbound();
        }
    }

    private void endOutbound() {
        engine.closeOutbound();
        if (!engine.isOutboundDone()) {
            ByteBuffer unheard = unheard(engine.getSession().getPacketBufferSize());
            for (int i = 0; i < ALERT_WRAPS && wrap(unheard.clear()); i++) {
                // on to the next word
            }
        }
    }

    private static ByteBuffer unheard(int size) {
        ByteBuffer unheard = UNHEARD.get();
        if (unheard.capacity() < size) {
            unheard = ByteBuffer.allocate(size);
            UNHEARD.set(unheard);
        }
        return unheard;
    }

    private void endInbound() {
        try {
            engine.closeInbound();
        } catch (SSLException e) {
            // A truncation is the flow's to tell.
        }
    }
}
