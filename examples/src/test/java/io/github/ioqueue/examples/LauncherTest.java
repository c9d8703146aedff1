package io.github.ioqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the script {@code ioq} hands to java: standard descriptors that are open. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "/proc tells what the descriptors are")
class LauncherTest {

    private static final Path SCRIPT =
            Path.of(System.getProperty("basedir", ".")).resolve("../ioq");

    @TempDir
    private Path root;

    /** A copy of the script in a tree where all is built, and a java that prints its descriptors. */
    @BeforeEach
    void copyScript() throws IOException {
        Files.createDirectories(root.resolve("examples/target/app"));
        Files.createFile(root.resolve("examples/target/app/.built"));
        Files.copy(SCRIPT, root.resolve("ioq"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("bin"));
        Path java = Files.writeString(root.resolve("bin/java"), """
                #!/bin/sh
                in=$(readlink /proc/$$/fd/0)
                out=$(readlink /proc/$$/fd/1)
                errors=$(readlink /proc/$$/fd/2)
                printf '%s\\n' "$in" "$out" "$errors" >"$TEST_OUT"
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void openDescriptorsStayAsTheyAre() throws Exception {
        assertThat(run("<in >out 2>errors")).isZero();
        assertThat(descriptors()).containsExactly(file("in"), file("out"), file("errors"));
    }

    @Test
    void aClosedStandardInputIsEmpty() throws Exception {
        assertThat(run("<&- >out 2>errors")).isZero();
        assertThat(descriptors()).containsExactly("/dev/null", file("out"), file("errors"));
    }

    @Test
    void whatGoesToAClosedStandardErrorIsLost() throws Exception {
        assertThat(run("<&- >out 2>&-")).isZero();
        assertThat(descriptors()).containsExactly("/dev/null", file("out"), "/dev/null");
    }

    @Test
    void aClosedStandardOutputIsAFailure() throws Exception {
        assertThat(run("<in >&- 2>errors")).isEqualTo(1);
        assertThat(root.resolve("errors")).hasContent("ioq: standard output is closed");
        assertThat(root.resolve("descriptors")).doesNotExist();
    }

    private int run(String redirections) throws Exception {
        Files.writeString(root.resolve("in"), "");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "./ioq connect somewhere:1 " + redirections)
                .directory(root.toFile());
        builder.environment().put("JAVA_HOME", root.toString());
        builder.environment().put("TEST_OUT", file("descriptors"));
        return builder.start().waitFor();
    }

    private String file(String name) throws IOException {
        return root.toRealPath().resolve(name).toString();
    }

    private List<String> descriptors() throws IOException {
        return Files.readAllLines(root.resolve("descriptors"), StandardCharsets.UTF_8);
    }
}
