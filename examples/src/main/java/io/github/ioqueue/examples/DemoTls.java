package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What stands between the sockets of a round and their handlers.
 *
 * @param name for the table
 */
record DemoTls(String name, StreamLayer server, StreamLayer client) {

    static final DemoTls NONE = new DemoTls("none", StreamLayer.NONE, StreamLayer.NONE);

    /** One for each installed backend, with an identity made for this run. */
    static List<DemoTls> installed() throws IOException {
        TlsIdentity identity = SelfSigned.create();
        TlsConfig server = TlsConfig.builder().identity(identity).build();
        TlsConfig client = TlsConfig.builder().trust(identity.chain()).build();
        List<TlsBackend> backends = new ArrayList<>(TlsBackend.installed());
        backends.sort(Comparator.comparing(TlsBackend::name).reversed());
        List<DemoTls> all = new ArrayList<>();
        for (TlsBackend backend : backends) {
            all.add(new DemoTls(
                    backend.name(), TlsLayer.of(backend.context(server)), TlsLayer.of(backend.context(client))));
        }
        return all;
    }
}
