package io.github.ioqueue;

/** How many ops of one key may finish in one round of its queue, so that no flood starves another socket (R10). */
final class Burst {

    private final IoQueue queue;
    private long round;
    private int spent;

    Burst(IoQueue queue) {
        this.queue = queue;
    }

    boolean isLeft() {
        if (round != queue.loop().round()) {
            round = queue.loop().round();
            spent = 0;
        }
        return spent < queue.config().burst();
    }

    /** Spends one; answers whether there was one. */
    boolean spend() {
        boolean left = isLeft();
        spent++;
        return left;
    }
}
