package io.github.ioqueue.tests.interop;

import io.github.ioqueue.ssl.tls.TlsVersion;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/** TLS servers on a port that the system chooses, with the identity in {@code cert.pem} and {@code key.pem}. */
enum ServerProgram {
    /** Sends its standard input and prints what comes. */
    OPENSSL("openssl", false) {
        @Override
        List<String> command(Path folder, TlsVersion version) {
            return List.of(
                    program(),
                    "s_server",
                    "-accept",
                    "127.0.0.1:0",
                    version == TlsVersion.TLS_1_2 ? "-tls1_2" : "-tls1_3",
                    "-cert",
                    certificate(folder),
                    "-key",
                    key(folder),
                    "-quiet");
        }
    },

    /** Sends back what comes, if it is lines of text, and shows all of it as an error. */
    GNUTLS("gnutls-serv", true) {
        @Override
        List<String> command(Path folder, TlsVersion version) {
            return List.of(
                    program(),
                    "--echo",
                    "--quiet",
                    "--port=0",
                    "--priority=" + ClientProgram.priority(version),
                    "--x509certfile=" + certificate(folder),
                    "--x509keyfile=" + key(folder));
        }
    },

    /** Sends its standard input and prints what comes. */
    SOCAT("socat", false) {
        @Override
        List<String> command(Path folder, TlsVersion version) {
            // -t: how long it waits for its input to end when the connection has
            return List.of(
                    program(),
                    "-t",
                    "0.1",
                    "OPENSSL-LISTEN:0,bind=127.0.0.1,verify=0,cert=" + certificate(folder) + ",key=" + key(folder) + ","
                            + ClientProgram.range(version),
                    "-");
        }
    };

    private final String program;
    private final boolean echoes;

    ServerProgram(String program, boolean echoes) {
        this.program = program;
        this.echoes = echoes;
    }

    String program() {
        return program;
    }

    /** Whether it sends back what comes; if not, the two directions have nothing to do with each other. */
    boolean echoes() {
        return echoes;
    }

    /** What becomes of its standard error. */
    Redirect errors() {
        return echoes ? Redirect.DISCARD : Redirect.INHERIT;
    }

    abstract List<String> command(Path folder, TlsVersion version);

    private static String certificate(Path folder) {
        return folder.resolve("cert.pem").toString();
    }

    private static String key(Path folder) {
        return folder.resolve("key.pem").toString();
    }
}
