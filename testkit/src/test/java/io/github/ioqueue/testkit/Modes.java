package io.github.ioqueue.testkit;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.nio.NioBackend;
import io.github.ioqueue.spi.IoBackend;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The ways in which every test runs; the name of a failed one says all that is needed to repeat it. */
final class Modes {

    private static final long SEED =
            Long.getLong("ioqueue.seed", ThreadLocalRandom.current().nextInt());

    private Modes() {}

    /** A fast track and a real backend. */
    record Mode(FastTrack track, IoBackend backend) {}

    static Stream<FastTrack> tracks() {
        return Stream.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(SEED));
    }

    static Stream<Mode> real() {
        return backends().flatMap(backend -> tracks().map(track -> new Mode(track, backend)));
    }

    static Stream<IoBackend> backends() {
        return Stream.concat(Stream.of(IoBackend.system()), poll());
    }

    /** The JDK's poll selector, where it has one. */
    private static Stream<IoBackend> poll() {
        try {
            Class<?> provider = Class.forName("sun.nio.ch.PollSelectorProvider");
            return Stream.of(
                    new NioBackend((SelectorProvider) provider.getConstructor().newInstance()));
        } catch (ClassNotFoundException elsewhere) {
            return Stream.empty();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("sun.nio.ch is not exported to the tests", e);
        }
    }
}
