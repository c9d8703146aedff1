package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where the costly steps of a handshake run. */
abstract class TaskContract extends RekeyContract {

    private static final String TASKS = "Tasks may run on any thread, and an engine on any one at a time";

    TaskContract() {}

    @Promise(value = TASKS, where = TlsCapability.TASKS)
    @ParameterizedTest
    @EnumSource
    void tasksRunOnAnotherThreadOrThereAreNone(TlsVersion version) throws Exception {
        ExecutorService elsewhere = Executors.newSingleThreadExecutor();
        try (EnginePipe pipe = pipe(version)) {
            pipe.client().tasks(task -> runBy(elsewhere, task));
            pipe.server().tasks(task -> runBy(elsewhere, task));
            exchange(pipe.handshake(), 1000);
            assertThat(pipe.client().tasksRun() > 0).isEqualTo(can(TlsCapability.TASKS));
            assertThat(pipe.server().tasksRun() > 0).isEqualTo(can(TlsCapability.TASKS));
        } finally {
            elsewhere.shutdown();
        }
    }

    /** A task is where certificates are looked at, so its failure has to come out. */
    @Promise(value = TASKS, where = TlsCapability.TASKS)
    @ParameterizedTest
    @EnumSource
    void whatATaskFindsIsToldByTheEngine(TlsVersion version) throws Exception {
        ExecutorService elsewhere = Executors.newSingleThreadExecutor();
        try (EnginePipe pipe = pipe(version, "wrong.test", IDENTITY)) {
            pipe.client().tasks(task -> runBy(elsewhere, task));
            assertFails(pipe.pump().client(), Reason.WRONG_NAME);
            assertFails(pipe.server(), Reason.PEER_ALERT);
        } finally {
            elsewhere.shutdown();
        }
    }

    @Promise(value = TASKS, where = TlsCapability.TASKS)
    @ParameterizedTest
    @EnumSource
    void aTaskIsHandedOutOnceAndNothingGoesOnWithoutIt(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            TlsEngine server = pipe.server().engine();
            assertThat(server.takeTask()).isNull();
            ByteBuffer hello = ByteBuffer.wrap(taken(pipe.client()));
            ByteBuffer out = ByteBuffer.allocate(server.netSize());
            Step step = server.receive(hello, ByteBuffer.allocate(server.appSize()));
            while (step == Step.PROGRESS) {
                step = server.flush(out);
            }
            assertThat(step == Step.WANT_TASK).isEqualTo(can(TlsCapability.TASKS));
            if (step == Step.WANT_TASK) {
                assertThat(server.flush(out)).isEqualTo(Step.WANT_TASK);
                assertThat(server.send(ByteBuffer.allocate(1), out)).isEqualTo(Step.WANT_TASK);
                Runnable task = Objects.requireNonNull(server.takeTask());
                assertThat(server.takeTask()).isNull();
                task.run();
                pipe.handshake();
            }
        }
    }

    @Promise(TASKS)
    @ParameterizedTest
    @EnumSource
    void anEngineMayMoveFromThreadToThread(TlsVersion version) throws Exception {
        ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService second = Executors.newSingleThreadExecutor();
        TlsConfig client = clientConfig().versions(version).build();
        try (EnginePipe pipe = pipe(HOST, client, serverConfig().build())) {
            for (int i = 0; i < 20; i++) {
                ExecutorService here = i % 2 == 0 ? first : second;
                ExecutorService there = i % 2 == 0 ? second : first;
                byte[][] said = new byte[1][];
                runBy(here, () -> said[0] = taken(pipe.client()));
                pipe.server().inject(said[0]);
                runBy(there, () -> said[0] = taken(pipe.server()));
                pipe.client().inject(said[0]);
            }
            exchange(pipe.handshake(), 100_000);
        } finally {
            first.shutdown();
            second.shutdown();
        }
    }

    private static void runBy(ExecutorService executor, Runnable task) {
        CompletableFuture.runAsync(task, executor).join();
    }
}
