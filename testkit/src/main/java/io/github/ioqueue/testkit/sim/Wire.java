package io.github.ioqueue.testkit.sim;

import java.nio.ByteBuffer;

/**
 * One direction of a connection: a ring of bytes, of which the first have arrived and the rest are under way. Its
 * capacity stands for both sides' socket buffers.
 */
final class Wire {

    private final SimulatedNetwork network;
    private final byte[] ring;
    private int head;
    private int sent;
    private int arrived;
    private long lastArrival;
    private boolean endArrived;

    /** Nobody reads here any more. */
    private boolean abandoned;

    Wire(SimulatedNetwork network, int capacity) {
        this.network = network;
        this.ring = new byte[capacity];
        this.lastArrival = network.timetable().now();
    }

    // ---- the writer's end

    int room() {
        return ring.length - sent;
    }

    /** Takes the first {@code n} bytes of {@code src}, for which there is room. */
    void put(ByteBuffer src, int n) {
        for (int i = 0; i < n; i++) {
            ring[(head + sent + i) % ring.length] = src.get();
        }
        sent += n;
        travel(() -> arrived += n);
    }

    void end() {
        travel(() -> endArrived = true);
    }

    private void travel(Runnable arrival) {
        long now = network.timetable().now();
        lastArrival = Math.max(lastArrival, now + network.delayNanos());
        if (lastArrival == now) {
            arrival.run();
        } else {
            network.timetable().at(lastArrival, arrival);
        }
    }

    // ---- the reader's end

    int available() {
        return arrived;
    }

    void get(ByteBuffer dst, int n) {
        for (int i = 0; i < n; i++) {
            dst.put(ring[(head + i) % ring.length]);
        }
        head = (head + n) % ring.length;
        sent -= n;
        arrived -= n;
    }

    boolean isAtEnd() {
        return endArrived && arrived == 0;
    }

    /** Whether there are bytes that nobody has read, under way or here. */
    boolean isUnread() {
        return sent > 0;
    }

    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }
}
