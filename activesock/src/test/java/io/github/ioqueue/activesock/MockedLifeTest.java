package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.ioqueue.ConnectOp;
import io.github.ioqueue.DeadlineException;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.IoTimer;
import io.github.ioqueue.ResetException;
import io.github.ioqueue.Submission;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;

/** A socket's life on a mocked key: what each way to end asks of the key, and what the handler hears. No I/O, no time. */
class MockedLifeTest {

    private final IoQueue queue = mock();
    private final IoKey key = mock();
    private final IoSocket plain = mock();
    private final Recorder handler = new Recorder();
    private final List<Runnable> turns = new ArrayList<>();
    private final List<Runnable> timers = new ArrayList<>();
    private final Object[] attached = new Object[1];
    private IoHandler events = new IoHandler() {};
    private long now;

    @BeforeEach
    void mockTheQueue() throws Exception {
        when(queue.inLoop()).thenReturn(true);
        when(queue.roundNanos()).thenAnswer(call -> now);
        doAnswer(call -> turns.add(call.getArgument(0))).when(queue).execute(any());
        when(queue.timer(any())).thenAnswer(call -> timer(call.getArgument(0)));
        when(queue.schedule(anyLong(), any())).thenAnswer(call -> timer(call.getArgument(1)));
        when(queue.register(any(), ArgumentMatchers.<Function<IoKey, IoHandler>>any()))
                .thenAnswer(call -> {
                    Function<IoKey, IoHandler> maker = call.getArgument(1);
                    events = maker.apply(key);
                    return key;
                });
        when(key.queue()).thenReturn(queue);
        when(key.socket()).thenReturn(plain);
        when(key.attachment()).thenAnswer(call -> attached[0]);
        doAnswer(call -> attached[0] = call.getArgument(0)).when(key).attachment(any());
        when(key.submit(any())).thenReturn(Submission.PENDING);
    }

    private IoTimer timer(Runnable task) {
        timers.add(task);
        return mock();
    }

    private ActiveSocket open(StreamConfig config) throws Exception {
        ActiveSocket socket = ActiveSocket.adopt(queue, plain, handler, config.withNoDelay(false));
        runTurns();
        assertThat(handler.opened).isTrue();
        return socket;
    }

    private void runTurns() {
        while (!turns.isEmpty()) {
            turns.remove(0).run();
        }
    }

    private void assertClosed(CloseReason.Kind kind, boolean reset) throws Exception {
        verify(key, times(1)).close();
        verify(plain, times(reset ? 1 : 0)).resetOnClose();
        events.onClosed(key);
        assertThat(handler.closedCount).isEqualTo(1);
        assertThat(handler.kind()).isEqualTo(kind);
        assertThat(handler.late).isEmpty();
    }

    @Test
    void anAbortResetsAtOnce() throws Exception {
        open(StreamConfig.defaults()).abort();
        verify(key, never()).shutdownOutput();
        assertClosed(CloseReason.Kind.LOCAL, true);
    }

    @Test
    void aCloseEndsTheStreamAndWaitsForThePeersEnd() throws Exception {
        ActiveSocket socket = open(StreamConfig.defaults());
        socket.close();
        socket.close();
        verify(key, times(1)).shutdownOutput();
        verify(key, never()).close();
        socket.ended();
        assertClosed(CloseReason.Kind.LOCAL, false);
        assertThat(handler.ended).as("told of an end after close").isFalse();
    }

    @Test
    void aCloseBehindThePeersEndWaitsForNothing() throws Exception {
        handler.end = from -> {};
        ActiveSocket socket = open(StreamConfig.defaults());
        socket.ended();
        assertThat(handler.ended).isTrue();
        verify(key, never()).close();
        socket.close();
        assertClosed(CloseReason.Kind.PEER_END, false);
    }

    @Test
    void aCloseThatThePeerDoesNotEndIsOverAtItsDeadlineAndNoFailure() throws Exception {
        open(StreamConfig.defaults()).close();
        now = StreamConfig.defaults().closeTimeout().toNanos() - 1;
        timers.get(timers.size() - 1).run();
        verify(key, never()).close();
        now++;
        timers.get(timers.size() - 1).run();
        assertClosed(CloseReason.Kind.LOCAL, false);
    }

    @Test
    void aHalfCloseLeavesTheOtherHalfOpen() throws Exception {
        ActiveSocket socket = open(StreamConfig.defaults());
        socket.shutdownOutput();
        socket.shutdownOutput();
        verify(key, times(1)).shutdownOutput();
        verify(key, never()).close();
        assertThat(socket.send(ByteBuffer.allocate(1))).isEqualTo(StreamSocket.Sent.CLOSED);
    }

    @Test
    void aResetOfThePeerIsTheReason() throws Exception {
        ActiveSocket socket = open(StreamConfig.defaults());
        socket.failed(new ResetException(new SocketException("Connection reset")));
        socket.abort();
        assertClosed(CloseReason.Kind.RESET, false);
    }

    @Test
    void anIdleSocketIsResetWhenItsTimeIsOverAndNotBefore() throws Exception {
        open(StreamConfig.defaults().withIdleTimeout(Duration.ofNanos(100)));
        when(key.lastOutput()).thenReturn(50L);
        now = 149;
        timers.get(0).run();
        verify(key, never()).close();
        now = 150;
        timers.get(0).run();
        assertClosed(CloseReason.Kind.TIMED_OUT, true);
        assertThat(handler.reason.cause()).isInstanceOf(DeadlineException.class);
    }

    @Test
    void aConnectThatFailsIsTheReason() throws Exception {
        ActiveSocket socket = ActiveSocket.connect(
                queue, plain, Rig.loopback(1), handler, StreamConfig.defaults().withNoDelay(false));
        ConnectOp failed = mock();
        when(failed.failure()).thenReturn(new ConnectException("refused"));
        events.onConnectComplete(key, failed);
        assertThat(socket.explain()).contains("CLOSED");
        assertClosed(CloseReason.Kind.FAILED, false);
    }
}
