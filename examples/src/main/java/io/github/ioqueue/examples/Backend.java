package io.github.ioqueue.examples;

import io.github.ioqueue.nio.NioBackend;
import io.github.ioqueue.spi.IoBackend;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** The ways of waiting for sockets that a program can choose from. */
enum Backend {
    /** The platform's default: epoll on Linux, kqueue on macOS. */
    EPOLL {
        @Override
        IoBackend open() {
            return IoBackend.system();
        }
    },

    /** The JDK's poll selector, on Unix systems; see {@link #requireAvailable}. */
    POLL {
        @Override
        IoBackend open() {
            try {
                Class<?> provider = Class.forName("sun.nio.ch.PollSelectorProvider");
                return new NioBackend(
                        (SelectorProvider) provider.getConstructor().newInstance());
            } catch (InvocationTargetException e) {
                throw new UnsupportedOperationException("the poll selector failed: " + e.getCause(), e);
            } catch (ReflectiveOperationException e) {
                throw new UnsupportedOperationException("no poll selector here: " + e, e);
            }
        }
    };

    /** The backend of the library. */
    abstract IoBackend open();

    /** Whether it exists here: the provider of poll is internal to the JDK, and ./ioq opens the way to it. */
    boolean isAvailable() {
        try {
            open();
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    Backend requireAvailable() {
        if (!isAvailable()) {
            throw new TypeConversionException(this + " is not available: it needs a Unix system and java's option"
                    + " --add-exports java.base/sun.nio.ch=ALL-UNNAMED");
        }
        return this;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
