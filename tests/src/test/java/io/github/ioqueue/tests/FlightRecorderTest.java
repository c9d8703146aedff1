package io.github.ioqueue.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.ActiveListener;
import io.github.ioqueue.activesock.StreamConfig;
import io.github.ioqueue.probe.JfrProbe;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks and polls are seen by the JDK's flight recorder. */
class FlightRecorderTest {

    @Test
    void callbacksAndPollsAreEvents(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.github.ioqueue.Callback").withoutThreshold();
            recording.enable("io.github.ioqueue.Poll").withoutThreshold();
            recording.start();
            echo();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("io.github.ioqueue.Callback"))
                .extracting(event -> event.getString("operation"))
                .contains("READ", "CLOSED");
        assertThat(events)
                .filteredOn(event -> event.getEventType().getName().equals("io.github.ioqueue.Poll"))
                .anyMatch(event -> event.getInt("ready") > 0);
    }

    private static void echo() throws Exception {
        IoQueueConfig config = IoQueueConfig.builder().probe(new JfrProbe()).build();
        IoQueueGroup group = IoQueueGroup.open(1, config);
        try (group;
                ActiveListener listener = EchoServer.open(group.next(), StreamConfig.defaults());
                Socket peer = new Socket()) {
            peer.setSoTimeout(10_000);
            peer.connect(EchoServer.address(listener));
            peer.getOutputStream().write('x');
            assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
        assertThat(group.awaitClosed(10, TimeUnit.SECONDS)).isTrue();
    }
}
