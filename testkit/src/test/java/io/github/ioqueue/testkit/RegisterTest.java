package io.github.ioqueue.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ClosedException;
import io.github.ioqueue.FastTrack;
import io.github.ioqueue.IoHandler;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.ReadOp;
import io.github.ioqueue.ReceiveOp;
import io.github.ioqueue.spi.IoBackend;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A socket becomes a key, once. */
@EveryTrack
class RegisterTest {

    private final Lab lab;
    private final Recorder recorder = new Recorder();
    private final ScriptedStreamPort port = ScriptedStreamPort.connected();

    RegisterTest(FastTrack track, CompletionLedger ledger) {
        lab = Lab.scripted(track, ledger);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void anotherThreadMayRegisterAndUseIt() {
        port.input().give("abc");
        ReadOp read = Bytes.read(3);
        Lab.elsewhere(() -> lab.queue.register(port.socket(), recorder).submit(read));
        lab.settle();
        assertThat(recorder.completed).containsExactly(read);
    }

    @Test
    void keysAreNumbered() {
        IoKey first = lab.register(port, recorder);
        IoKey second = lab.register(ScriptedStreamPort.connected(), recorder);
        assertThat(second.number()).isEqualTo(first.number() + 1);
    }

    @Test
    void aSocketIsRegisteredOnce() throws Exception {
        IoSocket socket = port.socket();
        lab.queue.register(socket, recorder);
        assertThatIllegalStateException().isThrownBy(() -> lab.queue.register(socket, recorder));
        assertThatIllegalStateException().isThrownBy(socket::close);
    }

    @Test
    void aClosedSocketIsNotRegistered() throws Exception {
        IoSocket socket = port.socket();
        socket.close();
        assertThatIllegalStateException().isThrownBy(() -> lab.queue.register(socket, recorder));
    }

    @Test
    void aClosedQueueLeavesTheSocketToTheCaller() throws Exception {
        IoSocket socket = port.socket();
        lab.queue.close();
        assertThatThrownBy(() -> lab.queue.register(socket, recorder)).isInstanceOf(ClosedException.class);
        socket.close();
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void theHandlerCanBeMadeForTheKey() {
        Function<IoKey, IoHandler> maker = key -> {
            key.attachment("made for " + key.number());
            return recorder;
        };
        IoKey key = Lab.here(() -> lab.queue.register(port.socket(), maker));
        assertThat(key.attachment()).isEqualTo("made for " + key.number());
        lab.submit(key, new ReadOp());
        port.input().give("a");
        lab.settle();
        assertThat(recorder.completed).hasSize(1);
    }

    @Test
    void aMakerThatThrowsLeavesTheSocketToTheCaller() throws Exception {
        IoSocket socket = port.socket();
        Function<IoKey, IoHandler> maker = key -> {
            throw new IllegalArgumentException("thrown by a test");
        };
        assertThatThrownBy(() -> lab.queue.register(socket, maker)).hasMessage("thrown by a test");
        socket.close();
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void aSocketOfAnotherBackendHarmsNobodyElse() throws Exception {
        IoKey good = lab.register(port, recorder);
        IoSocket stranger = IoSocket.openDatagram(IoBackend.system(), StandardProtocolFamily.INET);
        try {
            Recorder others = new Recorder();
            IoKey key = lab.queue.register(stranger, others);
            lab.submit(key, new ReceiveOp());
            lab.settle();
            assertThat(others.closed).isEqualTo(1);
        } catch (IllegalArgumentException e) {
            stranger.close();
        }
        ReadOp read = Bytes.read(1);
        port.input().give("a");
        lab.submit(good, read);
        lab.settle();
        assertThat(Bytes.text(read)).isEqualTo("a");
    }

    @Test
    void aSocketTellsItsOptionsAndAddresses() throws Exception {
        IoSocket socket = port.socket().option(StandardSocketOptions.TCP_NODELAY, true);
        socket.bind(Bytes.SOMEWHERE);
        IoKey key = lab.queue.register(socket, recorder);
        assertThat(key.socket().option(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(key.socket().localAddress()).isEqualTo(Bytes.SOMEWHERE);
        assertThat(key.socket().supportedOptions()).contains(StandardSocketOptions.TCP_NODELAY);
    }

    @Test
    void dumpHasALinePerKeyThatSaysWhatItWaitsFor() {
        IoKey key = lab.register(port, recorder);
        lab.submit(key, Bytes.read(1));
        lab.settle();
        assertThat(lab.dump()).contains("\nkey " + key.number()).contains("1 pending, waiting for the socket");
    }
}
