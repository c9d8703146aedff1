package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.FastTrack;
import java.util.Locale;

/** The modes of the fast track. */
enum Track {
    ON,
    OFF,
    RANDOM;

    FastTrack of(long seed) {
        return switch (this) {
            case ON -> FastTrack.ON;
            case OFF -> FastTrack.OFF;
            case RANDOM -> FastTrack.random(seed);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
