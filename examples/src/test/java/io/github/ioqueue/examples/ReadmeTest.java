package io.github.ioqueue.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    private static final Path HELLO = MODULE.resolve("src/main/java/io/github/ioqueue/examples/Hello.java");

    private static String sample() throws IOException {
        String source = Files.readString(HELLO).replace("\r\n", "\n");
        String begins = "// README begins\n";
        return source.substring(source.indexOf(begins) + begins.length(), source.indexOf("// README ends"));
    }

    @Test
    void theReadmeShowsTheCodeThatIsCompiled() throws IOException {
        String readme = Files.readString(MODULE.resolve("../README.md")).replace("\r\n", "\n");
        assertThat(readme).contains("```java\n" + sample() + "```");
    }

    @Test
    void theSampleIsShort() throws IOException {
        assertThat(sample().lines()).hasSizeLessThanOrEqualTo(25);
    }
}
