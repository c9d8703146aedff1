package io.github.ioqueue.examples;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoQueueConfig;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options about queues and sockets that the programs share. */
final class Transport {

    @Option(
            names = "--fast-track",
            paramLabel = "on|off|random:SEED",
            defaultValue = "on",
            converter = FastTrackConverter.class,
            description = "Whether an operation is tried at once when it is submitted; default on.")
    private FastTrack fastTrack = FastTrack.ON;

    @Option(
            names = "--backend",
            paramLabel = "epoll|poll",
            defaultValue = "epoll",
            converter = BackendConverter.class,
            description = "What waits for sockets: the platform's best (epoll on Linux) or poll; default epoll.")
    private Backend backend = Backend.EPOLL;

    @Option(names = "--sndbuf", paramLabel = "N", description = "SO_SNDBUF in bytes; default: the system's.")
    private @Nullable Integer sendBuffer;

    @Option(names = "--rcvbuf", paramLabel = "N", description = "SO_RCVBUF in bytes; default: the system's.")
    private @Nullable Integer receiveBuffer;

    Transport() {}

    IoQueueConfig.Builder config() {
        return IoQueueConfig.builder().backend(backend.open()).fastTrack(fastTrack);
    }

    /** Hands the socket options that were given to a builder. */
    void options(BiConsumer<SocketOption<Integer>, Integer> builder) {
        Map<SocketOption<Integer>, @Nullable Integer> given = new LinkedHashMap<>();
        given.put(StandardSocketOptions.SO_SNDBUF, sendBuffer);
        given.put(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        given.forEach((name, value) -> {
            if (value != null) {
                builder.accept(name, value);
            }
        });
    }

    /** One line for summaries. */
    @Override
    public String toString() {
        return "fast track " + fastTrack + ", " + backend;
    }

    static final class FastTrackConverter implements ITypeConverter<FastTrack> {
        @Override
        public FastTrack convert(String text) {
            try {
                return FastTrack.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("it is on, off or random:SEED, not '" + text + "'");
            }
        }
    }

    static final class BackendConverter implements ITypeConverter<Backend> {
        @Override
        public Backend convert(String text) {
            for (Backend backend : Backend.values()) {
                if (backend.toString().equals(text)) {
                    return backend.requireAvailable();
                }
            }
            throw new TypeConversionException("it is epoll or poll, not '" + text + "'");
        }
    }
}
