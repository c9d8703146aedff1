package io.github.ioqueue.tests.matrix;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every scenario under every combination of fast track, I/O, TLS backend and version. {@code ci/matrix.sh} runs it whole;
 * otherwise each cell has one scenario, another one at each run.
 */
class MatrixTest {

    private static final long SEED = Long.getLong("matrix.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private static final boolean WHOLE = Boolean.getBoolean("matrix.whole");
    private static final Path PAGE = Path.of(System.getProperty("matrix.page", "target/matrix.md"));

    private static final Matrix MATRIX = new Matrix(SEED);

    @TestFactory
    Stream<DynamicTest> everyScenarioInEveryCell() {
        System.out.println("matrix: seed " + SEED);
        List<Cell> cells = Cell.all();
        return IntStream.range(0, cells.size())
                .mapToObj(number -> dynamicTest(cells.get(number).toString(), () -> run(number, cells.get(number))));
    }

    private static void run(int number, Cell cell) throws Exception {
        String obstacle = cell.obstacle();
        if (obstacle != null) {
            MATRIX.skipped(cell, obstacle);
            abort(obstacle);
        }
        Layers layers = Layers.of(cell);
        List<Scenario> fitting =
                Stream.of(Scenario.values()).filter(each -> each.isFor(layers)).toList();
        MATRIX.run(cell, layers, WHOLE ? fitting : List.of(fitting.get((int) ((SEED + number) % fitting.size()))));
    }

    @AfterAll
    static void writeThePage() throws IOException {
        MATRIX.write(PAGE);
        System.out.println(MATRIX.summary());
    }
}
