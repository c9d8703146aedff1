package io.github.ioqueue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns names into addresses without holding up a loop. */
@FunctionalInterface
public interface Resolver {

    /** Hears the answer, on the polling thread. */
    @FunctionalInterface
    interface Answer {
        /**
         * Called once.
         *
         * @param addresses at least one, in the order of preference; empty after a failure
         * @param failure null after a success
         */
        void onResolved(List<InetAddress> addresses, @Nullable IOException failure);
    }

    /**
     * Looks a name up, or reads a literal address. Returns at once; any thread. The answer comes on the queue's polling
     * thread, never inside this call; not at all if the queue is closed before.
     */
    void resolve(String host, IoQueue queue, Answer answer);

    /** The system's own resolver, on up to sixteen daemon threads that end after ten idle seconds. */
    static Resolver system() {
        return SystemResolver.INSTANCE;
    }
}
