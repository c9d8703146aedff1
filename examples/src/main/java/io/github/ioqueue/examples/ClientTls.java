package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A client's options about TLS. */
final class ClientTls {

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--tls",
            paramLabel = "jdk|conscrypt|bouncycastle",
            converter = TlsBackendConverter.class,
            description = "Speaks TLS 1.3 or 1.2 by this backend.")
    private @Nullable TlsBackend backend;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "The authorities to trust, in PEM; default: the system's.")
    private @Nullable Path authorities;

    @Option(names = "--insecure", description = "Verifies nothing: neither the server's certificate nor its name.")
    private boolean insecure;

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "The name to ask for and to verify; default: the host connected to.")
    private @Nullable String serverName;

    @Option(
            names = "--alpn",
            paramLabel = "NAMES",
            split = ",",
            description = "Protocols to offer, the most wanted first.")
    private String @Nullable [] protocols;

    ClientTls() {}

    boolean isOn() {
        return backend != null;
    }

    /** The layer for connections; none without {@code --tls}. */
    StreamLayer layer() throws IOException {
        if (backend == null) {
            if (authorities != null || insecure || serverName != null || protocols != null) {
                throw new ParameterException(
                        spec.commandLine(), "--ca, --insecure, --server-name and --alpn go with --tls");
            }
            return StreamLayer.NONE;
        }
        TlsConfig.Builder config = TlsConfig.builder();
        if (authorities != null) {
            config.trust(Pem.certificates(authorities));
        }
        if (insecure) {
            config.insecureTrustAnyone();
        }
        if (serverName != null) {
            config.serverName(serverName);
        }
        if (protocols != null) {
            config.applicationProtocols(protocols);
        }
        return TlsLayer.of(backend.context(config.build()));
    }
}
