package io.github.ioqueue.examples;

import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.ssl.TlsLayer;
import io.github.ioqueue.ssl.tls.Pem;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** A server's options about TLS. */
final class ServerTls {

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--tls",
            paramLabel = "jdk|conscrypt|bouncycastle",
            converter = TlsBackendConverter.class,
            description = "Serves TLS 1.3 and 1.2 by this backend.")
    private @Nullable TlsBackend backend;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate and its issuers, in PEM; default: one made for localhost, whose file is"
                    + " printed to standard error.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key, in PEM.")
    private @Nullable Path key;

    private @Nullable Path made;

    ServerTls() {}

    boolean isOn() {
        return backend != null;
    }

    /** The layer for accepted sockets; none without {@code --tls}. */
    StreamLayer layer() throws IOException {
        if ((certificate == null) != (key == null) || (certificate != null && backend == null)) {
            throw new ParameterException(spec.commandLine(), "--cert and --key go together, and with --tls");
        }
        return backend == null
                ? StreamLayer.NONE
                : TlsLayer.of(
                        backend.context(TlsConfig.builder().identity(identity()).build()));
    }

    private TlsIdentity identity() throws IOException {
        if (certificate != null && key != null) {
            return Pem.identity(certificate, key);
        }
        TlsIdentity identity = SelfSigned.create();
        Path file = SelfSigned.write(identity);
        file.toFile().deleteOnExit(); // for ends before the server listens; later deleteFiles is called
        made = file;
        System.err.println("certificate: " + file);
        return identity;
    }

    /** Deletes the file of a certificate that was made. */
    void deleteFiles() {
        try {
            if (made != null) {
                Files.deleteIfExists(made);
            }
        } catch (IOException e) {
            System.err.println("ioq echo: cannot delete " + made + ": " + Failures.tell(e));
        }
    }

    @Override
    public String toString() {
        return backend == null ? "no TLS" : "TLS by " + backend.name() + " (" + backend.version() + ")";
    }
}
