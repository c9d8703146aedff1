package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes down what a backend was seen to do: a page in Markdown for each class that extends {@link TlsBackendContract},
 * with its engine, its capabilities, and the verdict of each case that has a {@link Promise}. The contract registers it.
 *
 * <p>The page is {@code NAME-jdkVERSION.md} in the folder that the JUnit parameter or system property {@value #FOLDER}
 * names; without one, in {@code target/tls-contract}. A run of some cases has a page of these.
 */
public final class ContractReport implements BeforeEachCallback, TestWatcher, AfterAllCallback {

    /** Names the folder for the pages. */
    public static final String FOLDER = "ioqueue.tls.report";

    private static final String DEFAULT_FOLDER = "target/tls-contract";
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(ContractReport.class);

    /** JUnit creates it. */
    public ContractReport() {}

    /** What came of a case; one that runs several times is as good as the worst of them. */
    private enum Verdict {
        KEPT,
        NOT_RUN,
        BROKEN
    }

    /** A case with what was seen of it. */
    private static final class Line {
        private final Promise promise;
        private final List<String> broken = new ArrayList<>();
        private Verdict verdict = Verdict.KEPT;

        private Line(Promise promise) {
            this.promise = promise;
        }

        private void note(Verdict seen, String run) {
            verdict = verdict.compareTo(seen) < 0 ? seen : verdict;
            if (seen == Verdict.BROKEN) {
                broken.add(run);
            }
        }
    }

    /** What is known of one class. */
    private static final class Page {
        private final Map<String, Map<String, Line>> cases = new TreeMap<>();
        private @Nullable TlsBackend backend;

        private synchronized void note(Method method, Verdict verdict, String run) {
            Promise promise = method.getAnnotation(Promise.class);
            if (promise != null) {
                String name = method.getDeclaringClass().getSimpleName() + "#" + method.getName();
                cases.computeIfAbsent(promise.value(), text -> new TreeMap<>())
                        .computeIfAbsent(name, text -> new Line(promise))
                        .note(verdict, run);
            }
        }
    }

    // ---- what JUnit tells

    @Override
    public void beforeEach(ExtensionContext context) {
        page(context).backend = ((EngineContract) context.getRequiredTestInstance()).backend();
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, Verdict.KEPT);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        note(context, Verdict.BROKEN);
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        note(context, Verdict.NOT_RUN);
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        note(context, Verdict.NOT_RUN);
    }

    private static void note(ExtensionContext context, Verdict verdict) {
        page(context).note(context.getRequiredTestMethod(), verdict, context.getDisplayName());
    }

    private static Page page(ExtensionContext context) {
        return context.getRoot()
                .getStore(HERE)
                .computeIfAbsent(context.getRequiredTestClass(), type -> new Page(), Page.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Page page = page(context);
        TlsBackend backend = page.backend;
        if (backend == null) {
            return; // nothing was run
        }
        Path folder = Path.of(context.getConfigurationParameter(FOLDER).orElse(DEFAULT_FOLDER));
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(backend.name() + "-jdk" + Runtime.version().feature() + ".md"), text(page, backend));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- the page

    private static String text(Page page, TlsBackend backend) {
        StringBuilder text = new StringBuilder("# The TLS backend contract: " + backend.name() + "\n\n");
        text.append("| | |\n|---|---|\n");
        Set<TlsCapability> missing = EnumSet.allOf(TlsCapability.class);
        missing.removeAll(backend.capabilities());
        row(text, "engine", backend.version());
        row(
                text,
                "on",
                "JDK " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch"));
        row(text, "capabilities", names(backend.capabilities()));
        row(text, "not among them", names(missing));
        text.append("\n| promise | case | verdict |\n|---|---|---|\n");
        page.cases.forEach((promise, lines) -> lines.forEach(
                (name, line) -> row(text, promise, "`" + name + "`", verdict(line, backend.capabilities()))));
        return text.toString();
    }

    private static String verdict(Line line, Set<TlsCapability> there) {
        return switch (line.verdict) {
            case BROKEN -> "**broken**: " + String.join("; ", line.broken);
            case NOT_RUN -> "not run";
            case KEPT ->
                there.containsAll(Arrays.asList(line.promise.where()))
                        ? "kept"
                        : "kept: refused, without " + names(Set.of(line.promise.where()));
        };
    }

    private static String names(Set<TlsCapability> capabilities) {
        return capabilities.isEmpty()
                ? "none"
                : capabilities.stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
    }

    private static void row(StringBuilder text, String... cells) {
        for (String cell : cells) {
            text.append("| ")
                    .append(cell.replace("|", "\\|").replace("\n", " "))
                    .append(' ');
        }
        text.append("|\n");
    }
}
