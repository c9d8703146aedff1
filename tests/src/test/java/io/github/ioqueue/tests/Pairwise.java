package io.github.ioqueue.tests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Parameters with a few values each, and the rows that a test runs: all that there are, or few in which any two values of
 * two parameters meet. Most faults need no more than two things to come together.
 *
 * <pre>
 *   the product, without what is not allowed, in an order by seed
 *        |  again and again the row with the most pairs that have not met
 *        v
 *   rows, until no row of the product has such a pair
 * </pre>
 */
public final class Pairwise {

    private final List<List<?>> parameters;
    private final List<Object[]> product = new ArrayList<>();

    private Pairwise(List<List<?>> parameters, Predicate<Object[]> allowed) {
        this.parameters = parameters;
        multiply(new Object[parameters.size()], 0, allowed);
    }

    /** With the values of each parameter, which differ; a row has one of each, and has to be allowed. */
    public static Pairwise of(Predicate<Object[]> allowed, List<?>... parameters) {
        return new Pairwise(List.of(parameters), allowed);
    }

    private void multiply(Object[] row, int parameter, Predicate<Object[]> allowed) {
        if (parameter == row.length) {
            if (allowed.test(row)) {
                product.add(row.clone());
            }
            return;
        }
        for (Object value : parameters.get(parameter)) {
            row[parameter] = value;
            multiply(row, parameter + 1, allowed);
        }
    }

    /** Every row that is allowed. */
    public List<Object[]> product() {
        return List.copyOf(product);
    }

    /** A few of them, which have every pair of values that any of them has; others by another seed. */
    public List<Object[]> pairs(long seed) {
        List<Object[]> candidates = new ArrayList<>(product);
        Collections.shuffle(candidates, new Random(seed));
        Set<List<Object>> met = new HashSet<>();
        List<Object[]> rows = new ArrayList<>();
        for (Object[] next = best(candidates, met); next != null; next = best(candidates, met)) {
            met.addAll(pairsOf(next));
            rows.add(next);
        }
        return rows;
    }

    /** The row with the most pairs that have not met; null when all have. */
    private static Object[] best(List<Object[]> candidates, Set<List<Object>> met) {
        Object[] best = null;
        long most = 0;
        for (Object[] row : candidates) {
            long fresh =
                    pairsOf(row).stream().filter(pair -> !met.contains(pair)).count();
            if (fresh > most) {
                most = fresh;
                best = row;
            }
        }
        return best;
    }

    /** Each two of its values, with the places where they stand. */
    static List<List<Object>> pairsOf(Object[] row) {
        List<List<Object>> pairs = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            for (int k = i + 1; k < row.length; k++) {
                pairs.add(Arrays.asList(i, row[i], k, row[k]));
            }
        }
        return pairs;
    }
}
