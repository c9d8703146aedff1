package io.github.ioqueue.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.testkit.sim.Scopes.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplorerTest {

    private static final Set<Fault> BOTH = EnumSet.of(Fault.SHORT_READ, Fault.SHORT_WRITE);

    static List<Scope> scopes() {
        return Scopes.all();
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void everyScopeHasTheSizeItIsReckonedToHave(Scope scope) {
        assertThat(scope.explore()).isEqualTo(scope.size());
    }

    /** The table of docs/simulation.md, made anew: paste this when a scope has changed. */
    @Test
    void theTableInTheDocumentationIsTrue() throws IOException {
        Map<String, List<Long>> sizes = new LinkedHashMap<>();
        scopes().forEach(scope -> sizes.computeIfAbsent(
                        scope.name().replaceAll(", fast track.*", ""), n -> new ArrayList<>())
                .add(scope.size()));
        String table = sizes.entrySet().stream()
                .map(row -> "| " + row.getKey() + " | "
                        + row.getValue().stream().map(String::valueOf).collect(Collectors.joining(" / ")) + " |\n")
                .collect(Collectors.joining());
        assertThat(Files.readString(Path.of("..", "docs", "simulation.md"))).contains(table);
    }

    @Test
    void everySequenceComesOnceInOrder() {
        List<String> seen = new ArrayList<>();
        Explorer.explore(BOTH, 2, c -> seen.add(c.choose(Fault.SHORT_READ, 2) + "" + c.choose(Fault.SHORT_WRITE, 3)));
        assertThat(seen).containsExactly("00", "01", "02", "10", "11", "12");
    }

    @Test
    void noRunHasMoreFaultsThanTheScope() {
        List<String> seen = new ArrayList<>();
        Explorer.explore(BOTH, 1, c -> seen.add(c.choose(Fault.SHORT_READ, 2) + "" + c.choose(Fault.SHORT_WRITE, 3)));
        assertThat(seen).containsExactly("00", "01", "02", "10");
    }

    @Test
    void whatIsOutsideTheScopeTakesItsPlainWay() {
        assertThat(Explorer.explore(
                        EnumSet.of(Fault.RESET),
                        9,
                        c -> assertThat(c.choose(Fault.DELAY, 4)).isZero()))
                .isEqualTo(1);
    }

    @Test
    void aScenarioThatFailsIsToldWithItsChoices() {
        assertThatThrownBy(() -> Explorer.explore(
                        BOTH, 1, c -> assertThat(c.happens(Fault.SHORT_READ)).isFalse()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1/2");
    }
}
