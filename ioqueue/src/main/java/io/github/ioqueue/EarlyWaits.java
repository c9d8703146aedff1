package io.github.ioqueue;

/**
 * Warns when wait after wait ends for nothing: the loop is busy then, and the fault is below it. It is told, not cured.
 * Polling thread only.
 */
final class EarlyWaits {

    private static final int TOO_MANY = 512;

    private int inARow;

    void note(IoQueue queue, WaitEnd why) {
        if (why == WaitEnd.EARLY) {
            if (++inARow == TOO_MANY) {
                System.getLogger(IoQueue.class.getName())
                        .log(System.Logger.Level.WARNING, TOO_MANY + " waits in a row ended for nothing: " + queue);
            }
        } else if (why != WaitEnd.LOOKED) {
            inARow = 0;
        }
    }
}
