package io.github.ioqueue.testkit;

import io.github.ioqueue.ResetException;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.spi.StreamPort;
import io.github.ioqueue.testkit.InterposedBackend.Call;
import io.github.ioqueue.testkit.InterposedBackend.Real;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives each stream socket of a backend an {@link OutputRecord}, so that a {@link CompletionLedger} sees how it ends.
 * Simulated and scripted sockets have one already. Unix-domain sockets get none: they cannot be reset.
 *
 * <pre>{@code
 * IoQueueConfig.builder().backend(OutputWatch.of(IoBackend.system())).probe(ledger)
 * }</pre>
 */
public final class OutputWatch {

    private OutputWatch() {}

    /** Returns the backend with a record in each of its stream sockets. */
    public static IoBackend of(IoBackend backend) {
        return new InterposedBackend(backend, OutputWatch::before);
    }

    private static Call before(StreamPort port, ProtocolFamily family) {
        return family == StandardProtocolFamily.UNIX
                ? (real, method, args) -> InterposedBackend.UNCHANGED
                : new Watched(port);
    }

    /** The calls of one socket. */
    private static final class Watched implements Call {
        private final StreamPort port;
        private final OutputRecord output = new OutputRecord();
        private volatile boolean resets;

        Watched(StreamPort port) {
            this.port = port;
        }

        @Override
        public @Nullable Object made(Real real, String method, Object[] args) throws Throwable {
            return switch (method) {
                case "read" -> call(real, args);
                case "write", "gather" -> written(call(real, args));
                case "option" -> option(args);
                case "supportedOptions" -> options();
                case "resetOnClose" -> resetOnClose(real.call(args));
                case "shutdownOutput" -> ended(real.call(args));
                case "close" -> close();
                default -> InterposedBackend.UNCHANGED;
            };
        }

        /** A connection that the peer has reset gets no clean end any more. */
        private @Nullable Object call(Real real, Object[] args) throws Throwable {
            try {
                return real.call(args);
            } catch (ResetException e) {
                resets = true;
                throw e;
            }
        }

        private @Nullable Object written(@Nullable Object answer) {
            if (answer instanceof Number count && count.longValue() > 0) {
                output.sent(count.longValue());
            }
            return answer;
        }

        private Object option(Object[] args) {
            if (args[0] == OutputRecord.OPTION) {
                return output;
            }
            if (args[0] == StandardSocketOptions.SO_LINGER && args.length > 1) {
                resets = args[1].equals(0);
            }
            return InterposedBackend.UNCHANGED;
        }

        private Set<SocketOption<?>> options() {
            Set<SocketOption<?>> options = new HashSet<>(port.supportedOptions());
            options.add(OutputRecord.OPTION);
            return options;
        }

        /** The socket sets its option itself, unseen from here. */
        private @Nullable Object resetOnClose(@Nullable Object answer) {
            resets |= Boolean.TRUE.equals(answer);
            return answer;
        }

        private @Nullable Object ended(@Nullable Object answer) throws Throwable {
            output.ended(String.valueOf(port.localAddress()), String.valueOf(port.remoteAddress()));
            return answer;
        }

        private Object close() throws Throwable {
            if (!resets && port.isConnected()) {
                ended(null);
            }
            return InterposedBackend.UNCHANGED;
        }
    }
}
