package io.github.ioqueue.testkit;

import io.github.ioqueue.spi.SocketPort;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket that answers from {@link Script}s and writes down everything it is asked. Readiness follows the scripts, see
 * there; {@link #ready} adds a false alarm. Any thread.
 */
public abstract sealed class ScriptedPort implements SocketPort
        permits ScriptedStreamPort, ScriptedListenerPort, ScriptedDatagramPort {

    private final List<String> calls = new ArrayList<>();
    private final List<Integer> interests = new ArrayList<>();
    private final Map<SocketOption<?>, Object> options = new HashMap<>();
    private volatile @Nullable ScriptedDemultiplexer demultiplexer;
    private int falseAlarms;
    private boolean closed;

    @Nullable SocketAddress local;

    ScriptedPort() {}

    // ---- for the test

    /** Has the next wait that is interested report it ready, whether or not a script has an answer. Once. */
    public final void ready(int bits) {
        synchronized (this) {
            falseAlarms |= bits;
        }
        changed();
    }

    /** Every call made so far, each as a word with its numbers, such as {@code "write 3 of 10"}. */
    public final synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** How many calls of this name were made, such as {@code "write"}. */
    public final synchronized long calls(String name) {
        return calls.stream()
                .filter(call -> call.equals(name) || call.startsWith(name + " "))
                .count();
    }

    /** Every interest told to the demultiplexer so far; empty while it was never registered there. */
    public final synchronized List<Integer> interests() {
        return List.copyOf(interests);
    }

    /** Whether it was closed. */
    public final synchronized boolean isClosed() {
        return closed;
    }

    // ---- for the demultiplexer

    /** The directions that are ready now, false alarms included. */
    abstract int scriptedBits();

    final void registered(ScriptedDemultiplexer with) {
        demultiplexer = with;
    }

    final synchronized void interest(int bits) {
        interests.add(bits);
    }

    final synchronized int takeReady(int interest) {
        int bits = (scriptedBits() | falseAlarms) & interest;
        falseAlarms &= ~bits;
        return bits;
    }

    final void changed() {
        ScriptedDemultiplexer present = demultiplexer;
        if (present != null) {
            present.stir();
        }
    }

    final synchronized void called(String call) {
        if (closed) {
            throw new AssertionError("called after close: " + call + " on " + this);
        }
        calls.add(call);
    }

    // ---- the seam

    @Override
    public final synchronized <T> void option(SocketOption<T> name, T value) {
        options.put(name, value);
    }

    @Override
    public synchronized <T> @Nullable T option(SocketOption<T> name) {
        Object value = options.get(name);
        return value == null ? null : name.type().cast(value);
    }

    /** Those set so far: a script knows any. */
    @Override
    public synchronized Set<SocketOption<?>> supportedOptions() {
        return Set.copyOf(options.keySet());
    }

    @Override
    public final synchronized @Nullable SocketAddress localAddress() {
        return local;
    }

    @Override
    public final synchronized void close() {
        if (!closed) {
            calls.add("close");
            closed = true;
            closing();
        }
    }

    /** What closing means for this kind. */
    void closing() {}

    @Override
    public final String toString() {
        return getClass().getSimpleName() + calls();
    }
}
