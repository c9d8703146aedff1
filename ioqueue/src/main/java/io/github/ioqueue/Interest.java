package io.github.ioqueue;

import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.spi.ListenerPort;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A key's registration with the demultiplexer, made at the first interest. What is wanted is derived here
 * from the key and never kept by hand; it is compared with what was last told, once per round.
 */
final class Interest {

    private final IoKey key;
    private Demultiplexer.@Nullable Registration registration;
    private int told;
    private boolean noted;

    Interest(IoKey key) {
        this.key = key;
    }

    /** What to wait for, by the stage of the key and what its halves need. */
    private int wanted(IoKey.Stage stage, Half input, Half output) {
        return switch (stage) {
            case UNCONNECTED, CLOSING, CLOSED -> 0;
            case CONNECTING -> output.isConnecting() ? Demultiplexer.CONNECT : 0;
            case OPEN ->
                (input.wantsReadiness() ? inputBit() : 0) | (output.wantsReadiness() ? Demultiplexer.WRITE : 0);
        };
    }

    private int inputBit() {
        return key.port instanceof ListenerPort ? Demultiplexer.ACCEPT : Demultiplexer.READ;
    }

    /** Whether the key has to be noted for the next reconciling; then says no until that has happened. */
    boolean mustNote(IoKey.Stage stage, Half input, Half output) {
        if (noted || wanted(stage, input, output) == told) {
            return false;
        }
        noted = true;
        return true;
    }

    void reconcile(Demultiplexer demultiplexer, IoKey.Stage stage, Half input, Half output) throws IOException {
        noted = false;
        int wanted = wanted(stage, input, output);
        if (wanted == told) {
            return;
        }
        if (registration == null) {
            registration = demultiplexer.register(key.port, key);
        }
        registration.interest(wanted);
        told = wanted;
    }

    void cancel() {
        told = 0;
        if (registration != null) {
            registration.cancel();
        }
    }
}
