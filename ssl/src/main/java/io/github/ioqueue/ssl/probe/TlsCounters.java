package io.github.ioqueue.ssl.probe;

import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.ssl.SslSocket;
import io.github.ioqueue.ssl.TlsProbe;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsSession;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what TLS does; one may serve any number of layers. Any thread. */
public final class TlsCounters implements TlsProbe {

    private final LongAdder begun = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder resumed = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final EnumMap<TlsException.Reason, LongAdder> failed = new EnumMap<>(TlsException.Reason.class);
    private final LongAdder nanos = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
    private final LongAdder steps = new LongAdder();
    private final LongAdder plaintextIn = new LongAdder();
    private final LongAdder plaintextOut = new LongAdder();
    private final LongAdder ciphertextIn = new LongAdder();
    private final LongAdder ciphertextOut = new LongAdder();

    /** Creates counters at zero. */
    public TlsCounters() {
        for (TlsException.Reason reason : TlsException.Reason.values()) {
            failed.put(reason, new LongAdder());
        }
    }

    /**
     * What has been counted; each number is exact, but they are not of one moment.
     *
     * @param handshaking handshakes under way
     * @param handshakes handshakes that are done
     * @param resumed those of them that resumed an earlier session, as far as a backend tells
     * @param failed handshakes that failed, by the reason
     * @param abandoned handshakes that ended otherwise: closed here, timed out, reset
     * @param handshakeNanos the time that the handshakes took which are done
     * @param longestHandshakeNanos the longest one
     * @param steps of engines
     * @param plaintextIn bytes that were decrypted
     * @param plaintextOut bytes that were encrypted
     * @param ciphertextIn bytes that were decrypted from, handshakes included
     * @param ciphertextOut bytes that were encrypted to, handshakes included
     */
    public record Snapshot(
            long handshaking,
            long handshakes,
            long resumed,
            Map<TlsException.Reason, Long> failed,
            long abandoned,
            long handshakeNanos,
            long longestHandshakeNanos,
            long steps,
            long plaintextIn,
            long plaintextOut,
            long ciphertextIn,
            long ciphertextOut) {}

    /** The counters now. */
    public Snapshot snapshot() {
        Map<TlsException.Reason, Long> byReason = new EnumMap<>(TlsException.Reason.class);
        failed.forEach((reason, count) -> byReason.put(reason, count.sum()));
        long over = ended.sum();
        long finished = done.sum();
        long forReason = byReason.values().stream().mapToLong(Long::longValue).sum();
        return new Snapshot(
                begun.sum() - over,
                finished,
                resumed.sum(),
                byReason,
                over - finished - forReason,
                nanos.sum(),
                longest.get(),
                steps.sum(),
                plaintextIn.sum(),
                plaintextOut.sum(),
                ciphertextIn.sum(),
                ciphertextOut.sum());
    }

    @Override
    public void handshakeBegins(SslSocket socket) {
        begun.increment();
    }

    @Override
    public void stepped(SslSocket socket, Call call, Step step, int consumed, int produced) {
        steps.increment();
        switch (call) {
            case RECEIVE -> {
                ciphertextIn.add(consumed);
                plaintextIn.add(produced);
            }
            case SEND -> {
                plaintextOut.add(consumed);
                ciphertextOut.add(produced);
            }
            case FLUSH -> ciphertextOut.add(produced);
        }
    }

    @Override
    public void handshakeEnds(SslSocket socket, long handshakeNanos, @Nullable CloseReason failure) {
        if (failure == null) {
            done.increment();
            nanos.add(handshakeNanos);
            longest.accumulate(handshakeNanos);
            TlsSession session = socket.session();
            if (session != null && Boolean.TRUE.equals(session.resumed())) {
                resumed.increment();
            }
        } else if (failure.cause() instanceof TlsException tls) {
            LongAdder count = failed.get(tls.reason());
            if (count != null) {
                count.increment();
            }
        }
        ended.increment();
    }
}
