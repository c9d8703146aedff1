package io.github.ioqueue.tests.throwing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever code of others throws costs what docs/throwing.md says, and nothing else. Each case has one hook of the page throw
 * one kind of throwable, once, on a simulated network in virtual time.
 */
class ThrowingTest {

    /** For a loop that never ends: a case takes milliseconds. */
    private static final long PATIENCE_SECONDS = 3;

    /** Certificates are made when the first case is played. */
    @BeforeAll
    static void load() throws Exception {
        Case first = Case.all()
                .filter(each -> each.hook().name().equals("IoQueue.execute"))
                .findFirst()
                .orElseThrow();
        assertThat(new Play(first).run()).isEmpty();
    }

    static Stream<Case> cases() {
        return Case.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatIsThrownFailsAlone(Case the) throws Exception {
        assertThat(within(() -> new Play(the).run())).isEmpty();
    }

    private static List<String> within(Callable<List<String>> play) throws Exception {
        FutureTask<List<String>> task = new FutureTask<>(play);
        Thread thread = new Thread(task, "play");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return List.of("it never ends: " + List.of(thread.getStackTrace()));
        } catch (ExecutionException e) {
            throw new AssertionError("the case cannot be played", e.getCause());
        }
    }
}
