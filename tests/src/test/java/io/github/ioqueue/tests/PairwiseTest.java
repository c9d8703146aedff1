package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairwiseTest {

    private static final long SEED = System.nanoTime();

    private static List<Integer> values(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /** Counted by loops over the values, not by looking at rows. */
    private static int pairsThereAre(List<List<?>> parameters) {
        int pairs = 0;
        for (int i = 0; i < parameters.size(); i++) {
            for (int k = 0; k < i; k++) {
                pairs += parameters.get(i).size() * parameters.get(k).size();
            }
        }
        return pairs;
    }

    private static Set<List<Object>> pairsIn(List<Object[]> rows) {
        Set<List<Object>> pairs = new HashSet<>();
        for (Object[] row : rows) {
            pairs.addAll(Pairwise.pairsOf(row));
        }
        return pairs;
    }

    @Test
    void anyTwoValuesMeetInFewRows() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            List<List<?>> parameters = new ArrayList<>();
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                parameters.add(values(1 + random.nextInt(4)));
            }
            Pairwise pairwise = Pairwise.of(row -> true, parameters.toArray(List<?>[]::new));
            List<Object[]> rows = pairwise.pairs(round);
            assertThat(pairsIn(rows)).as("seed %d, %s", SEED, parameters).hasSize(pairsThereAre(parameters));
            int[] sizes = parameters.stream().mapToInt(List::size).sorted().toArray();
            int least = sizes[sizes.length - 1] * sizes[sizes.length - 2];
            assertThat(rows.size()).as("seed %d, %s", SEED, parameters).isBetween(least, 2 * least);
        }
    }

    @Test
    void theProductIsWhole() {
        assertThat(Pairwise.of(row -> true, values(3), values(2), values(4)).product())
                .hasSize(24)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsNotAllowedIsInNoRowAndTheRestStillMeets() {
        Pairwise pairwise =
                Pairwise.of(row -> !(row[0].equals(1) && row[1].equals(2)), values(3), values(3), values(3));
        assertThat(pairwise.product()).hasSize(24);
        List<Object[]> rows = pairwise.pairs(SEED);
        assertThat(pairsIn(rows)).as("seed %d", SEED).hasSize(26).doesNotContain(Arrays.asList(0, 1, 1, 2));
    }

    @Test
    void aSeedGivesTheSameRowsAgainAndAnotherGivesOthers() {
        Pairwise pairwise = Pairwise.of(row -> true, values(3), values(3), values(3), values(2));
        assertThat(pairwise.pairs(1)).usingRecursiveComparison().isEqualTo(pairwise.pairs(1));
        assertThat(pairsIn(pairwise.pairs(2))).isEqualTo(pairsIn(pairwise.pairs(1)));
        assertThat(pairwise.pairs(2)).usingRecursiveComparison().isNotEqualTo(pairwise.pairs(1));
    }
}
