package io.github.ioqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line =
            Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "echo",
                "echo --port seven",
                "echo --port 70000",
                "echo --port 0 --loops 0",
                "echo --port 0 --fast-track perhaps",
                "echo --port 0 --fast-track random:x",
                "echo --port 0 --backend carrier-pigeon",
                "connect",
                "connect nowhere",
                "connect host:0",
                "connect host:1 --insecure",
                "connect host:1 --tls nonsense",
                "connect host:1 --expect -1",
                "echo --port 0 --tls nonsense",
                "echo --port 0 --tls jdk --cert only.pem",
                "echo --port 0 --cert a.pem --key b.pem",
                "echo --port 0 --udp --tls jdk",
                "demo --seconds 0",
                "demo --connections -1",
            })
    void wrongArgumentsAreOneLineAndExitCodeTwo(String arguments) {
        String[] args = arguments.isEmpty() ? new String[0] : arguments.split(" ");
        assertThat(line.execute(args)).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertThat(line.execute("--version")).isZero();
        assertThat(line.execute("demo", "--help")).isZero();
        assertThat(out.toString()).startsWith("ioqueue ").contains("--connections");
        assertThat(err.toString()).isEmpty();
    }
}
