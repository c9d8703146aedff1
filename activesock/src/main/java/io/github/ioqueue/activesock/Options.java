package io.github.ioqueue.activesock;

import io.github.ioqueue.IoSocket;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Socket options collected by a builder, to be set in the order they were given. Not changed once it is in use. */
final class Options {

    private final Map<SocketOption<?>, Object> values = new LinkedHashMap<>();

    Options() {}

    private Options(Options other) {
        values.putAll(other.values);
    }

    <T> void put(SocketOption<T> name, T value) {
        values.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    }

    /** What was collected so far. */
    Options copy() {
        return new Options(this);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Turns Nagle's algorithm off, where there is one. */
    static void noDelay(IoSocket socket) throws IOException {
        if (socket.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            socket.option(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /** Sets all of them; one that the socket does not have is refused. */
    void applyTo(IoSocket socket) throws IOException {
        for (SocketOption<?> name : values.keySet()) {
            apply(name, socket);
        }
    }

    /** Sets those that the socket has. */
    void applySupportedTo(IoSocket socket) throws IOException {
        for (SocketOption<?> name : values.keySet()) {
            if (socket.supportedOptions().contains(name)) {
                apply(name, socket);
            }
        }
    }

    private <T> void apply(SocketOption<T> name, IoSocket socket) throws IOException {
        socket.option(name, name.type().cast(Objects.requireNonNull(values.get(name))));
    }
}
