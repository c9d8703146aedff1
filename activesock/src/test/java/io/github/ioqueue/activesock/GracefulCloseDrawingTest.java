package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The drawing of {@link GracefulClose} and the sentence below it are its table of transitions. */
class GracefulCloseDrawingTest {

    private static final Path SOURCE = Path.of("src/main/java/io/github/ioqueue/activesock/GracefulClose.java");
    private static final Pattern STATE = Pattern.compile("\\b[A-Z_]+\\b");

    private final List<String> drawing;

    GracefulCloseDrawingTest() throws IOException {
        String source = Files.readString(SOURCE);
        int begins = source.indexOf("<pre>");
        drawing = source.substring(begins, source.indexOf("</pre>", begins))
                .lines()
                .toList();
    }

    @Test
    void theDrawingIsTheTable() throws ReflectiveOperationException {
        Set<String> drawn = drawn();
        assertThat(drawn).hasSize(12);
        drawn.addAll(Set.of("IDLE > CLOSE_ENDING", "FLUSHING > CLOSE_ENDING")); // closeBehindAlert
        Set<String> table = new TreeSet<>();
        for (Map.Entry<?, ?> row : table().entrySet()) {
            ((Set<?>) row.getValue()).forEach(next -> table.add(row.getKey() + " > " + next));
            if (!row.getKey().toString().equals("DONE")) {
                drawn.add(row.getKey() + " > DONE"); // stop
            }
        }
        assertThat(drawn).isEqualTo(table);
    }

    private static Map<?, ?> table() throws ReflectiveOperationException {
        Field table = GracefulClose.class.getDeclaredField("TRANSITIONS");
        table.setAccessible(true);
        return (Map<?, ?>) table.get(null);
    }

    /** Each arrow from its point back to where it begins: to the left, and up. */
    private Set<String> drawn() {
        Set<String> drawn = new TreeSet<>();
        for (int row = 0; row < drawing.size(); row++) {
            String line = drawing.get(row);
            for (int column = 0; column < line.length(); column++) {
                if (line.startsWith("-> ", column)) {
                    drawn.add(toTheLeft(row, column) + " > " + state(row, column + 3));
                } else if (line.startsWith(" v", column)
                        && !line.substring(column + 2).matches("\\w.*")) {
                    drawn.add(up(row - 1, column + 1) + " > " + state(row + 1, column + 1));
                }
            }
        }
        return drawn;
    }

    private String toTheLeft(int row, int column) {
        int at = column;
        while (drawing.get(row).charAt(at) != '+' && !isState(row, at)) {
            at--;
        }
        return isState(row, at) ? state(row, at) : up(row - 1, at);
    }

    private String up(int row, int column) {
        int at = row;
        while (drawing.get(at).charAt(column) == '|') {
            at--;
        }
        return state(at, column);
    }

    private boolean isState(int row, int column) {
        return states(row, column).findFirst().isPresent();
    }

    /** The state that is drawn at this place. */
    private String state(int row, int column) {
        return states(row, column)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no state at column " + column + " of " + drawing.get(row)));
    }

    private Stream<String> states(int row, int column) {
        return STATE.matcher(drawing.get(row))
                .results()
                .filter(word -> word.start() <= column && column < word.end())
                .map(MatchResult::group);
    }
}
