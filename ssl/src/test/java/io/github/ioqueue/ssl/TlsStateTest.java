package io.github.ioqueue.ssl;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table in the class comment of {@link TlsState} is its table of transitions. */
class TlsStateTest {

    private static final Path SOURCE = Path.of("src/main/java/io/github/ioqueue/ssl/TlsState.java");
    private static final Pattern ROW = Pattern.compile(" [*] {3}([A-Z_]+) +([A-Z_ ]+)");

    @Test
    void theDrawingIsTheTable() throws IOException {
        Set<String> drawn = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(SOURCE));
        while (rows.find()) {
            for (String next : requireNonNull(rows.group(2)).trim().split(" +", -1)) {
                drawn.add(rows.group(1) + " > " + next);
            }
        }
        Set<String> table = new TreeSet<>();
        Arrays.stream(TlsState.values())
                .forEach(state -> state.next().forEach(next -> table.add(state + " > " + next)));
        assertThat(drawn).isNotEmpty().isEqualTo(table);
    }
}
