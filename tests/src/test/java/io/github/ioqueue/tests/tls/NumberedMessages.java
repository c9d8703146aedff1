package io.github.ioqueue.tests.tls;

import java.nio.ByteBuffer;

/**
 * Messages of several senders over one stream, made and looked at: whole, each sender's in its order, every byte as its
 * sender, number and place want it. Its state belongs to the one who reads.
 */
final class NumberedMessages {

    private static final int HEADER = 12;

    private final int[] next;
    private volatile String wrong = "";

    NumberedMessages(int senders) {
        next = new int[senders];
    }

    /** A message of at most {@code 12 + longest - 1} bytes. */
    static ByteBuffer message(int sender, int number, int longest) {
        int length = number * 31 % longest;
        ByteBuffer message = ByteBuffer.allocate(HEADER + length);
        message.putInt(sender).putInt(number).putInt(length);
        for (int i = 0; i < length; i++) {
            message.put(content(sender, number, i));
        }
        return message.flip();
    }

    private static byte content(int sender, int number, int place) {
        return (byte) (sender * 101 + number * 17 + place);
    }

    /** Takes the whole messages that are there; answers whether all was as it is to be. */
    boolean read(ByteBuffer in) {
        while (wrong.isEmpty()
                && in.remaining() >= HEADER
                && in.remaining() >= HEADER + (long) in.getInt(in.position() + 8)) {
            take(in);
        }
        return wrong.isEmpty();
    }

    private void take(ByteBuffer in) {
        int sender = in.getInt();
        int number = in.getInt();
        int length = in.getInt();
        if (sender < 0 || sender >= next.length || number != next[sender]++ || length < 0) {
            wrong = "message " + number + " of sender " + sender + " and " + length + " bytes";
            return;
        }
        for (int i = 0; i < length; i++) {
            if (in.get() != content(sender, number, i)) {
                wrong = "byte " + i + " of message " + number + " of sender " + sender;
            }
        }
    }

    /** Whether so many came of each. */
    boolean haveAll(int each) {
        for (int number : next) {
            if (number != each) {
                return false;
            }
        }
        return true;
    }

    /** How many came of each. */
    int[] counts() {
        return next.clone();
    }

    /** What was wrong; empty if nothing was. */
    String wrong() {
        return wrong;
    }
}
