package io.github.ioqueue.tests.matrix;

import java.util.Locale;

/** What is done in each cell, written once for all. */
@SuppressWarnings("ImmutableEnumChecker") // a script is code
enum Scenario {
    /** Bytes in pieces of all sizes come back whole. */
    ECHO(EchoScenarios::echo),

    /** Messages far larger than any buffer, one op each. */
    LARGE_MESSAGES(EchoScenarios::largeMessages),

    /** A thousand messages of a few bytes, several at a time, each answered by itself. */
    MANY_SMALL(EchoScenarios::manySmall),

    /** A peer that does not read: the echo inside onData is refused, waits and loses nothing. */
    BACK_PRESSURE(EchoScenarios::backPressure),

    /** The client ends its stream and is answered all the same. */
    HALF_CLOSE(EndScenarios::halfClose) {
        @Override
        boolean isFor(Layers layers) {
            return layers.halfClose();
        }
    },

    /** The client ends its stream while most of the echo is queued: all that the server accepted arrives. */
    ECHO_TO_THE_END(EndScenarios::echoToTheEnd),

    /** A close with much to send: all of it arrives first. */
    CLOSE_WITH_PENDING(EndScenarios::closeWithPending),

    /** A reset in the middle: both ends hear of it once, and the next connection fares well. */
    RESET(EndScenarios::reset),

    /** Threads that send on one socket: what each sends arrives in its order. */
    SEVERAL_SENDERS(SenderScenarios::severalSenders);

    private interface Script {
        void run(World world) throws Exception;
    }

    private final Script script;

    Scenario(Script script) {
        this.script = script;
    }

    /** Whether it can be done there: some TLS cannot close by halves. */
    boolean isFor(Layers layers) {
        return true;
    }

    void run(World world) throws Exception {
        script.run(world);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
