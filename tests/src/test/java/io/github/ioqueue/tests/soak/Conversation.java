package io.github.ioqueue.tests.soak;

import io.github.ioqueue.activesock.CloseReason;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection as its seed wants it: how much goes each way, how it ends; and what came of that. */
final class Conversation {

    /** How it ends. */
    enum Ending {
        /** The client closes when it has sent and received everything. */
        CLOSE,
        /** The client ends its stream when it has sent everything, the server finishes, too, and closes. */
        HALF_CLOSE,
        /** The client resets it in the middle. */
        CLIENT_RESETS,
        /** The server does. */
        SERVER_RESETS;

        boolean isReset() {
            return this == CLIENT_RESETS || this == SERVER_RESETS;
        }
    }

    private static final int LARGEST_EXPONENT = 20;

    final long number;
    final Ending ending;
    final Side client;
    final Side server;
    private final AtomicInteger open = new AtomicInteger(2);
    private final Runnable over;

    Conversation(long number, long seed, boolean halfCloses, Runnable over) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        this.number = number;
        this.over = over;
        int choice = random.nextInt(10);
        this.ending = choice == 0
                ? Ending.CLIENT_RESETS
                : choice == 1 ? Ending.SERVER_RESETS : choice < 5 && halfCloses ? Ending.HALF_CLOSE : Ending.CLOSE;
        this.client = new Side(this, true, size(random), random.split());
        this.server = new Side(this, false, size(random), random.split());
    }

    /** From 1 byte to 1 MiB, each power of two as likely as the others. */
    private static int size(SplittableRandom random) {
        return 1 + random.nextInt(1 << random.nextInt(LARGEST_EXPONENT + 1));
    }

    /** A side is closed. */
    void closed() {
        if (open.decrementAndGet() == 0) {
            over.run();
        }
    }

    /** Bytes that were sent and did not come, or what else went wrong counted as one; none if it was to be reset. */
    long lost() {
        if (ending.isReset() && client.wrong().isEmpty() && server.wrong().isEmpty()) {
            return 0;
        }
        long missing = client.sent() - server.received() + server.sent() - client.received();
        return missing != 0 ? Math.abs(missing) : isWrong() ? 1 : 0;
    }

    private boolean isWrong() {
        return !client.wrong().isEmpty() || !server.wrong().isEmpty() || !inOrder(client) || !inOrder(server);
    }

    private static boolean inOrder(Side side) {
        CloseReason reason = side.reason();
        return reason != null
                && (reason.kind() == CloseReason.Kind.LOCAL || reason.kind() == CloseReason.Kind.PEER_END);
    }

    @Override
    public String toString() {
        return "conversation " + number + " " + ending + "\n  client " + client + "\n  server " + server;
    }
}
