package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.testkit.ssl.MemoryStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** The other end of a memory stream: speaks plain records, in pieces of any size. */
final class Peer {

    private static final int LONGEST = 16 * 1024;

    private final Random random;
    private final MemoryStream stream;
    private final ByteArrayOutputStream toArrive = new ByteArrayOutputStream();

    /** The content of all data it sent. */
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** All that was written to it. */
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    /** The content of all data that came. */
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    private int parsed;
    private boolean begun;
    private boolean closed;

    Peer(MemoryStream stream, Random random, boolean client) {
        this.stream = stream;
        this.random = random;
        if (client) {
            say('H', 0);
        }
    }

    private void say(char type, int size) {
        begun = true;
        byte[] content = new byte[size];
        random.nextBytes(content);
        toArrive.writeBytes(PlainRecords.record(type, content));
        if (type == 'D') {
            sent.writeBytes(content);
        }
    }

    /** Not before the hello. */
    void sendData() {
        if (!begun) {
            return;
        }
        say('D', random.nextInt(random.nextInt(4) == 0 ? LONGEST : 300));
    }

    void sendClose() {
        say('C', 0);
    }

    /** Has it seen the socket's close? */
    boolean sawClose() {
        return closed;
    }

    /** A part of what it said arrives. */
    void deliver(boolean all) {
        byte[] bytes = toArrive.toByteArray();
        if (bytes.length > 0) {
            int n = all ? bytes.length : 1 + random.nextInt(bytes.length);
            toArrive.reset();
            toArrive.write(bytes, n, bytes.length - n);
            stream.arrive(Arrays.copyOf(bytes, n));
        }
    }

    boolean hasMore() {
        return toArrive.size() > 0;
    }

    /** Looks at what was written, and answers it. */
    void listen() {
        wire.writeBytes(stream.takeWritten());
        ByteBuffer all = ByteBuffer.wrap(wire.toByteArray());
        all.position(parsed);
        for (ByteBuffer record = PlainRecords.next(all); record != null; record = PlainRecords.next(all)) {
            hear(record);
        }
        parsed = all.position();
    }

    private void hear(ByteBuffer record) {
        switch ((char) record.get(0)) {
            case 'H' -> say('F', 0);
            case 'N' -> say('M', 0);
            case 'C' -> closed = true;
            case 'D' -> {
                byte[] content = new byte[record.remaining() - PlainRecords.HEADER];
                record.get(PlainRecords.HEADER, content);
                received.writeBytes(content);
            }
            default -> {
                // nothing to be answered
            }
        }
    }
}
