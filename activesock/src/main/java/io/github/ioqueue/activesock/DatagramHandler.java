package io.github.ioqueue.activesock;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** What an {@link ActiveDatagram} tells its user; all on the polling thread of its queue. */
@FunctionalInterface
public interface DatagramHandler {

    /**
     * A datagram has come, whole, and possibly empty.
     *
     * @param data valid until this returns
     */
    void onDatagram(ActiveDatagram socket, SocketAddress sender, ByteBuffer data);

    /** Sends were refused as {@code FULL}, and there is room again. Once per episode of refusals. */
    default void onWritable(ActiveDatagram socket) {}

    /** Receiving or sending one datagram failed, or one came cut and was dropped; the socket goes on. */
    default void onFailure(ActiveDatagram socket, IOException failure) {}

    /** The queue or the group is being drained: bring the socket to its end. Closes. Once at most. */
    default void onDrain(ActiveDatagram socket) {
        socket.close();
    }

    /** The socket is closed. Once, last. */
    default void onClosed(ActiveDatagram socket) {}
}
