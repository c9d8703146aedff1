package io.github.ioqueue.tests.interop;

import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.file.Path;
import java.util.List;

/** TLS clients that send their standard input and print what comes back. Each verifies the server's certificate. */
enum ClientProgram {
    OPENSSL("openssl", 2 << 20) {
        @Override
        List<String> command(String port, Path authorities, TlsVersion version) {
            return List.of(
                    program(),
                    "s_client",
                    "-connect",
                    "127.0.0.1:" + port,
                    version == TlsVersion.TLS_1_2 ? "-tls1_2" : "-tls1_3",
                    "-CAfile",
                    authorities.toString(),
                    "-verify_return_error",
                    "-verify_ip",
                    "127.0.0.1",
                    "-quiet",
                    "-no_ign_eof",
                    "-nocommands");
        }
    },

    /** Prints byte by byte, one system call each. */
    GNUTLS("gnutls-cli", 200_000) {
        @Override
        List<String> command(String port, Path authorities, TlsVersion version) {
            return List.of(
                    program(),
                    "--logfile=" + authorities.resolveSibling("gnutls-cli.log"),
                    "--x509cafile=" + authorities,
                    "--priority=" + priority(version),
                    "--port=" + port,
                    "localhost");
        }
    },

    SOCAT("socat", 2 << 20) {
        @Override
        List<String> command(String port, Path authorities, TlsVersion version) {
            // -t: how long to wait for the rest after one direction's end
            return List.of(
                    program(),
                    "-t",
                    "600",
                    "-",
                    "OPENSSL:127.0.0.1:" + port + ",cafile=" + authorities + ",commonname=localhost," + range(version));
        }
    };

    private final String program;
    private final int small;

    ClientProgram(String program, int small) {
        this.program = program;
        this.small = small;
    }

    String program() {
        return program;
    }

    /** How many bytes it moves in a moment. */
    int small() {
        return small;
    }

    /** Has it talk to a port of this machine, with this version only. */
    abstract List<String> command(String port, Path authorities, TlsVersion version);

    static String priority(TlsVersion version) {
        return "NORMAL:-VERS-ALL:+VERS-TLS" + number(version);
    }

    static String range(TlsVersion version) {
        String number = "TLS" + number(version);
        return "openssl-min-proto-version=" + number + ",openssl-max-proto-version=" + number;
    }

    private static String number(TlsVersion version) {
        return version.standardName().substring("TLSv".length());
    }
}
