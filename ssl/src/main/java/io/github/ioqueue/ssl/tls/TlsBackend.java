package io.github.ioqueue.ssl.tls;

import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** A TLS implementation. Found by {@link ServiceLoader}, or made by hand. Thread-safe. */
public interface TlsBackend {

    /** The name of the backend that comes with the JDK. */
    String JDK = "jdk";

    /** Its name, in lower case: {@code jdk}, {@code conscrypt}, {@code bouncycastle}. */
    String name();

    /** What implements it, and in which version. */
    String version();

    /** What it can do beyond the common. */
    Set<TlsCapability> capabilities();

    /**
     * What there is to offer: lists are empty where the implementation does not tell.
     *
     * @throws TlsException if it cannot be used on this machine
     */
    TlsAlgorithms algorithms() throws TlsException;

    /**
     * Makes a configuration ready.
     *
     * @throws TlsException if this backend cannot honour it: nothing is ignored in silence
     */
    TlsContext context(TlsConfig config) throws TlsException;

    /** The backends that are installed, in no order. */
    static List<TlsBackend> installed() {
        return ServiceLoader.load(TlsBackend.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * The installed backend of a name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    static TlsBackend named(String name) {
        List<TlsBackend> all = installed();
        return all.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no TLS backend '" + name + "' is installed, only "
                        + all.stream().map(TlsBackend::name).sorted().collect(Collectors.joining(", "))));
    }
}
