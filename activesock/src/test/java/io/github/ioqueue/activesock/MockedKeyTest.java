package io.github.ioqueue.activesock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.ioqueue.BufferPool;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.Submission;
import io.github.ioqueue.WriteOp;
import io.github.ioqueue.activesock.StreamSocket.Sending;
import io.github.ioqueue.activesock.StreamSocket.Sent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** What the two halves of an active socket ask of their key, and when: no system call, no thread, no time. */
class MockedKeyTest {

    private static final StreamConfig CONFIG = StreamConfig.defaults().withMaxQueued(100_000, 10);

    private final IoQueue queue = mock();
    private final IoKey key = mock();
    private final ActiveSocket socket = mock();
    private final HandlerCalls calls = mock();
    private final Deadlines deadlines = mock();
    private final SendBudget budget = new SendBudget(CONFIG);
    private final List<Runnable> turns = new ArrayList<>();
    private IoQueue lender;
    private Outbound outbound;
    private Inbound inbound;

    @BeforeEach
    void make() throws IOException {
        lender = IoQueue.open(IoQueueConfig.builder().build()); // for its buffers only; never polled
        BufferPool buffers = lender.buffers();
        when(key.queue()).thenReturn(queue);
        when(queue.inLoop()).thenReturn(true);
        when(queue.buffers()).thenReturn(buffers);
        when(key.hold(any())).thenReturn(true);
        when(key.isLast(any())).thenReturn(true);
        when(key.submit(any())).thenReturn(Submission.PENDING);
        when(key.release(any())).thenReturn(Submission.PENDING);
        doAnswer(call -> turns.add(call.getArgument(0))).when(socket).later(any());
        doAnswer(call -> {
                    call.<Runnable>getArgument(0).run();
                    return null;
                })
                .when(socket)
                .orBreak(any());
        outbound = new Outbound(key, socket, calls, budget, deadlines);
        inbound = new Inbound(key, socket, calls, deadlines, CONFIG);
    }

    @AfterEach
    void close() {
        lender.close();
    }

    // ---- sending

    @Test
    void smallSendsOfOneTurnAreHeldAsOneWriteUntilItEnds() {
        assertThat(outbound.send(Bytes.heap(0, 10))).isEqualTo(Sent.TAKEN);
        assertThat(outbound.send(Bytes.heap(10, 10))).isEqualTo(Sent.TAKEN);
        verify(key, times(1)).hold(any());
        verify(queue, times(1)).atTurnEnd(outbound);
        verify(key, never()).release(any());
        verify(key, never()).submit(any());
        assertThat(budget.bytes()).isEqualTo(20);
        outbound.turnEnded();
        verify(key, times(1)).release(any());
    }

    @Test
    void whatWasSentBehindTheGatherByAnotherThreadIsNotOvertaken() {
        outbound.send(Bytes.heap(0, 10));
        when(key.isLast(any())).thenReturn(false);
        outbound.send(Bytes.heap(10, 10));
        verify(key, times(2)).hold(any());
        verify(queue, times(1)).atTurnEnd(outbound);
    }

    @Test
    void theLastHeldWriteIsLetGoFirst() {
        WriteOp first = new WriteOp(Bytes.heap(0, 10));
        assertThat(outbound.send(first)).isEqualTo(Sending.PENDING);
        when(key.isLast(any())).thenReturn(false);
        outbound.send(Bytes.heap(10, 10));
        outbound.turnEnded();
        InOrder order = inOrder(key);
        order.verify(key).release(argThat(op -> op != first));
        order.verify(key).release(first);
    }

    @Test
    void aLargeSendGoesAtOnceAndTakesTheGatherAlong() {
        outbound.send(Bytes.heap(0, 10));
        outbound.send(Bytes.heap(10, Outbound.LARGE));
        InOrder order = inOrder(key);
        order.verify(key).hold(any());
        order.verify(key).submit(any(WriteOp.class));
        order.verify(key).release(any());
    }

    @Test
    void aSendOfAnotherThreadGoesStraightToTheKey() {
        when(queue.inLoop()).thenReturn(false);
        outbound.send(Bytes.heap(0, 10));
        verify(key).submit(any(WriteOp.class));
        verify(key, never()).hold(any());
        verify(queue, never()).atTurnEnd(any());
    }

    @Test
    void aKeyThatTakesNothingGivesTheRoomBack() {
        when(key.hold(any())).thenReturn(false);
        assertThat(outbound.send(Bytes.heap(0, 10))).isEqualTo(Sent.CLOSED);
        assertThat(outbound.send(new WriteOp(Bytes.heap(0, 10)))).isEqualTo(Sending.CLOSED);
        assertThat(budget.isEmpty()).isTrue();
        verify(queue, never()).atTurnEnd(any());
    }

    @Test
    void aRefusedSendReachesNoKeyAndIsToldWhenThereIsRoom() {
        WriteOp large = new WriteOp(Bytes.heap(0, 100_000));
        outbound.send(large);
        assertThat(outbound.send(Bytes.heap(0, 10))).isEqualTo(Sent.FULL);
        verify(key, times(1)).submit(any());
        outbound.onWriteComplete(large);
        assertThat(turns).hasSize(1);
        turns.get(0).run();
        verify(socket).writable();
        verify(calls).sent(large);
    }

    // ---- reading

    @Test
    void oneReadIsSubmittedAndMadeToAnswerLater() {
        inbound.start();
        verify(key, times(1)).submit(any(ReadOp.class));
        verify(deadlines).waiting();
        verify(calls, never()).data(any());
    }

    @Test
    void pausedBeforeItBeganItReadsNothingUntilResumed() {
        inbound.pause();
        inbound.start();
        verify(key, never()).submit(any());
        inbound.resume();
        assertThat(turns).hasSize(1);
        turns.get(0).run();
        verify(key, times(1)).submit(any(ReadOp.class));
    }

    @Test
    void aPauseByAnotherThreadCancelsOnTheLoopAndOnlyIfStillPaused() {
        when(queue.inLoop()).thenReturn(false);
        inbound.start();
        inbound.pause();
        verify(key, never()).cancel(any(), any());
        inbound.resume();
        turns.get(0).run();
        verify(key, never()).cancel(any(), any());
        inbound.pause();
        turns.get(2).run();
        verify(key).cancel(any(), any());
    }

    @Test
    void stoppingCancelsTheReadAndHoldsNothing() {
        inbound.start();
        inbound.stop();
        verify(key).cancel(any(), any());
        inbound.goOn();
        verify(key, times(1)).submit(any());
        assertThat(inbound.unread()).isZero();
    }

    @Test
    void aLargeRemainderThatGrowsByteByByteIsNotMovedForEach() {
        ReadOp[] read = new ReadOp[1];
        when(key.submit(any())).thenAnswer(call -> {
            read[0] = call.getArgument(0);
            return Submission.PENDING;
        });
        int before = 10_000;
        doAnswer(call -> call.<ByteBuffer>getArgument(0).mark()).when(calls).data(any());
        inbound.start();
        read[0].into(ByteBuffer.allocate(before));
        inbound.onReadComplete(); // as if so much had come at once
        for (int i = 0; i < 100; i++) {
            read[0].buffer().put((byte) i);
            inbound.onReadComplete();
            ByteBuffer room = read[0].buffer();
            assertThat(room.position()).isEqualTo(before + i + 1);
            assertThat(room.duplicate().reset().position()).isZero(); // moving bytes would have taken the mark off
        }
        inbound.stop();
        inbound.onReadComplete();
    }
}
