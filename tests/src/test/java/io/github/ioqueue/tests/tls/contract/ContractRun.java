package io.github.ioqueue.tests.tls.contract;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.testkit.ssl.ContractReport;
import io.github.ioqueue.testkit.ssl.TlsBackendContract;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs cases of the contract, on a backend that may well break them. */
final class ContractRun {

    private static @Nullable TlsBackend backend;

    private ContractRun() {}

    /** What JUnit runs; not by itself, for it is no test of this project. */
    static final class Subject extends TlsBackendContract {
        @Override
        protected TlsBackend backend() {
            TlsBackend subject = backend;
            if (subject == null) {
                throw new IllegalStateException("there is no backend to try");
            }
            return subject;
        }
    }

    /** Every test of the contract. */
    static List<Method> tests() {
        List<Method> tests = new ArrayList<>();
        for (Class<?> part = TlsBackendContract.class; part != null; part = part.getSuperclass()) {
            Arrays.stream(part.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class)
                            || method.isAnnotationPresent(ParameterizedTest.class))
                    .forEach(tests::add);
        }
        return tests;
    }

    /** How often a case fails. */
    static long failures(TlsBackend subject, String caseName) throws IOException {
        Path folder = Files.createTempDirectory("tls-report");
        TestExecutionSummary summary = run(subject, folder, caseName);
        if (summary.getTestsStartedCount() == 0) {
            throw new AssertionError("there is no case " + caseName);
        }
        return summary.getTestsFailedCount();
    }

    /** Runs some; the report is written into the folder. */
    static TestExecutionSummary run(TlsBackend subject, Path report, String... caseNames) {
        List<MethodSelector> selected = tests().stream()
                .filter(method -> Arrays.asList(caseNames).contains(method.getName()))
                .map(method -> DiscoverySelectors.selectMethod(Subject.class, method))
                .toList();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        backend = subject;
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selected)
                                    .configurationParameter(ContractReport.FOLDER, report.toString())
                                    .build(),
                            listener);
        } finally {
            backend = null;
        }
        return listener.getSummary();
    }
}
