package io.github.ioqueue.fuzz;

import io.github.ioqueue.activesock.framing.FramingTarget;
import io.github.ioqueue.ssl.jsse.NameCheckTarget;
import io.github.ioqueue.ssl.jsse.RecordHeaderTarget;
import io.github.ioqueue.ssl.tls.PemTarget;
import io.github.ioqueue.ssl.tls.Pkcs12Target;
import java.util.List;

/**
 * One fuzz target.
 *
 * @param name what ci/fuzz.sh calls it
 * @param of the class with {@code fuzzerTestOneInput}
 * @param inputs inputs to begin with, made by code
 * @param options of its JVM
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Target(String name, Class<?> of, Inputs inputs, String... options) {

    /** Makes inputs to begin with. */
    @FunctionalInterface
    interface Inputs {
        List<byte[]> make() throws Exception;
    }

    /** All there are. */
    static List<Target> all() {
        return List.of(
                new Target("handshake", HandshakeTarget.class, HandshakeTarget::seeds, "-Dfuzz.tls=jdk"),
                new Target(
                        "handshake-conscrypt", HandshakeTarget.class, HandshakeTarget::seeds, "-Dfuzz.tls=conscrypt"),
                new Target("records", RecordsTarget.class, RecordsTarget::seeds, "-Dfuzz.tls=jdk"),
                new Target("records-conscrypt", RecordsTarget.class, RecordsTarget::seeds, "-Dfuzz.tls=conscrypt"),
                new Target("header", RecordHeaderTarget.class, RecordHeaderTarget::seeds),
                new Target("names", NameCheckTarget.class, NameCheckTarget::seeds),
                new Target("pem", PemTarget.class, PemTarget::seeds),
                new Target("pkcs12", Pkcs12Target.class, Pkcs12Target::seeds),
                new Target("framing", FramingTarget.class, FramingTarget::seeds));
    }

    @Override
    public String toString() {
        return name;
    }
}
