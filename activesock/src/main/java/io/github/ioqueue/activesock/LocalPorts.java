package io.github.ioqueue.activesock;

import io.github.ioqueue.IoSocket;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where outgoing connections come from.
 *
 * @param first the address with the first port, or null for whatever the system chooses
 * @param count how many ports from there on may be tried
 */
record LocalPorts(@Nullable SocketAddress first, int count) {

    static final LocalPorts ANY = new LocalPorts(null, 1);

    static LocalPorts of(SocketAddress address) {
        return new LocalPorts(Objects.requireNonNull(address, "localAddress"), 1);
    }

    static LocalPorts of(InetSocketAddress first, int count) {
        if (first.getPort() < 1 || count < 1 || first.getPort() + count - 1 > 0xffff) {
            throw new IllegalArgumentException(
                    "ports to connect from are from 1 to 65535, not " + count + " from " + first.getPort() + " on");
        }
        return new LocalPorts(first, count);
    }

    /** Whether two sockets cannot be bound at a time. */
    boolean isOne() {
        return count == 1 && (first instanceof InetSocketAddress inet ? inet.getPort() != 0 : first != null);
    }

    /** Binds to the first port that is free. */
    void bind(IoSocket socket) throws IOException {
        if (first instanceof InetSocketAddress inet) {
            bind(socket, inet);
        } else if (first != null) {
            socket.bind(first);
        }
    }

    private void bind(IoSocket socket, InetSocketAddress from) throws IOException {
        for (int i = 0; ; i++) {
            try {
                socket.bind(new InetSocketAddress(from.getAddress(), from.getPort() + i));
                return;
            } catch (BindException e) {
                if (i == count - 1) {
                    throw e;
                }
            }
        }
    }
}
