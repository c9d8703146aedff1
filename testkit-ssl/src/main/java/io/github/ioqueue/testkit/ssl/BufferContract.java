package io.github.ioqueue.testkit.ssl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose the buffers are, of what kind, and how large. */
abstract class BufferContract extends PlaintextContract {

    private static final String KINDS = "Any buffer will do: of either kind of memory, a slice, read-only to send from";
    private static final String ROOM = "Room that lacks is said, and nothing is lost; what was asked for is enough";

    private static final byte GUARD = 0x5a;

    BufferContract() {}

    // ---- kinds

    @Promise(KINDS)
    @ParameterizedTest
    @EnumSource
    void buffersOfEitherKindOfMemoryWillDo(Memory memory) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version)) {
                pipe.client().buffers(size -> buffer(memory, size));
                pipe.server().buffers(size -> buffer(memory, size));
                exchange(pipe.handshake(), 100_000);
            }
        }
    }

    @Promise(KINDS)
    @ParameterizedTest
    @EnumSource
    void theBytesAroundASliceAreLeftAlone(Memory memory) throws Exception {
        List<ByteBuffer> wholes = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version)) {
                pipe.client().buffers(size -> slice(memory, size, wholes));
                pipe.server().buffers(size -> slice(memory, size, wholes));
                exchange(pipe.handshake(), 100_000);
            }
        }
        assertThat(wholes).hasSizeGreaterThan(10);
        for (ByteBuffer whole : wholes) {
            for (int i = 0; i < 64; i++) {
                assertThat(whole.get(i)).isEqualTo(GUARD);
                assertThat(whole.get(whole.capacity() - 1 - i)).isEqualTo(GUARD);
            }
        }
    }

    private static ByteBuffer buffer(Memory memory, int size) {
        return memory == Memory.HEAP ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
    }

    private static ByteBuffer slice(Memory memory, int size, List<ByteBuffer> wholes) {
        ByteBuffer whole = buffer(memory, size + 128);
        for (int i = 0; i < 64; i++) {
            whole.put(i, GUARD).put(whole.capacity() - 1 - i, GUARD);
        }
        wholes.add(whole);
        return whole.slice(64, size);
    }

    @Promise(KINDS)
    @ParameterizedTest
    @EnumSource
    void whatIsSentMayBeReadOnlyAndIsLeftAsItWas(Memory memory) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                TlsEngine client = pipe.client().engine();
                ByteBuffer plaintext = buffer(memory, 1000).put(random(1000)).flip();
                ByteBuffer out = buffer(memory, client.netSize());
                assertThat(client.send(plaintext.asReadOnlyBuffer(), out)).isEqualTo(Step.PROGRESS);
                assertThat(bytesOf(plaintext)).isEqualTo(random(1000));
                pipe.server().inject(bytesOf(out.flip()));
                assertThat(pipe.pump().server().takeReceived()).isEqualTo(random(1000));
            }
        }
    }

    @Promise(KINDS)
    @ParameterizedTest
    @EnumSource
    void nothingIsWrittenBehindALimit(Memory memory) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                TlsEngine client = pipe.client().engine();
                TlsEngine server = pipe.server().engine();
                ByteBuffer net = guarded(memory, client.netSize());
                assertThat(client.send(ByteBuffer.wrap(random(1000)), net)).isEqualTo(Step.PROGRESS);
                assertGuarded(net);
                ByteBuffer app = guarded(memory, server.appSize());
                ByteBuffer wire = buffer(memory, net.capacity()).put(net.flip()).flip();
                while (app.position() < 1000) {
                    assertThat(server.receive(wire, app)).isEqualTo(Step.PROGRESS);
                }
                assertGuarded(app);
            }
        }
    }

    private static ByteBuffer guarded(Memory memory, int size) {
        ByteBuffer guarded = buffer(memory, size + 64);
        for (int i = size; i < guarded.capacity(); i++) {
            guarded.put(i, GUARD);
        }
        return guarded.limit(size);
    }

    private static void assertGuarded(ByteBuffer buffer) {
        ByteBuffer whole = buffer.duplicate().clear();
        for (int i = buffer.limit(); i < whole.capacity(); i++) {
            assertThat(whole.get(i)).isEqualTo(GUARD);
        }
    }

    /** What was consumed belongs to the caller again, also while the rest of its plaintext waits inside. */
    @Promise(KINDS)
    @ParameterizedTest
    @EnumSource
    void whatWasConsumedIsNotLookedAtAgain(Memory memory) throws Exception {
        for (TlsVersion version : TlsVersion.values()) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                pipe.client().send(random(1000));
                byte[] record = taken(pipe.client());
                ByteBuffer wire = buffer(memory, record.length).put(record).flip();
                ByteBuffer all = ByteBuffer.allocate(64 << 10);
                TlsEngine server = pipe.server().engine();
                int room = 100;
                for (int calls = 0; calls < 50 && all.position() < 1000; calls++) {
                    ByteBuffer out = buffer(memory, room);
                    Step step = server.receive(wire, out);
                    for (int i = 0; i < wire.position(); i++) {
                        wire.put(i, GUARD);
                    }
                    room = step == Step.WANT_APP_SPACE ? server.appSize() : 100;
                    all.put(out.flip());
                }
                assertThat(bytesOf(all.flip())).isEqualTo(random(1000));
            }
        }
    }

    // ---- room

    /** An engine that consumes a record for which there was no room must have the rest inside. */
    @Promise(ROOM)
    @ParameterizedTest
    @EnumSource
    void tooLittleRoomLosesNothing(TlsVersion version) throws Exception {
        for (int room : new int[] {0, 1, 100, 999}) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                byte[] bytes = random(1000);
                pipe.client().send(bytes);
                ByteBuffer wire = ByteBuffer.wrap(taken(pipe.client()));
                ByteBuffer all = ByteBuffer.allocate(64 << 10);
                TlsEngine server = pipe.server().engine();
                Step step = Step.PROGRESS;
                for (int calls = 0; calls < 2100 && all.position() < bytes.length; calls++) {
                    ByteBuffer out = ByteBuffer.allocate(step == Step.WANT_APP_SPACE ? server.appSize() : room);
                    step = server.receive(wire, out);
                    assertThat(step).isIn(Step.PROGRESS, Step.WANT_APP_SPACE);
                    all.put(out.flip());
                }
                assertThat(bytesOf(all.flip())).isEqualTo(bytes);
            }
        }
    }

    @Promise(ROOM)
    @ParameterizedTest
    @EnumSource
    void tooLittleRoomForCiphertextIsSaidAndTakesNothing(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            for (int room : new int[] {0, 5, 500}) {
                ByteBuffer plaintext = ByteBuffer.wrap(random(1000));
                ByteBuffer out = ByteBuffer.allocate(room);
                assertThat(pipe.client().engine().send(plaintext, out)).isEqualTo(Step.WANT_NET_SPACE);
                assertThat(plaintext.remaining()).isEqualTo(1000);
                assertThat(out.position()).isZero();
            }
            pipe.client().send(random(1000));
            assertThat(pipe.pump().server().takeReceived()).isEqualTo(random(1000));
        }
    }

    /** Tickets that were kept back until now, or whatever else comes with it, must come out as well. */
    @Promise(ROOM)
    @ParameterizedTest
    @EnumSource
    void aFirstRecordOfAnyLengthLeavesByItself(TlsVersion version) throws Exception {
        for (int size = 15_800; size < 16_500; size += 30) {
            for (boolean client : new boolean[] {true, false}) {
                try (EnginePipe pipe = pipe(version).handshake()) {
                    (client ? pipe.client() : pipe.server()).send(random(size));
                    pipe.pump();
                    assertThat((client ? pipe.server() : pipe.client()).takeReceived())
                            .isEqualTo(random(size));
                }
            }
        }
    }

    @Promise(ROOM)
    @ParameterizedTest
    @EnumSource
    void withMoreRoomThanItAsksForNothingStaysInside(TlsVersion version) throws Exception {
        for (int size = 16_000; size <= 16_384; size += 12) {
            try (EnginePipe pipe = pipe(version).handshake()) {
                TlsEngine server = pipe.server().engine();
                ByteBuffer plaintext = ByteBuffer.wrap(random(size));
                ByteBuffer out = ByteBuffer.allocate(5 * server.netSize());
                while (plaintext.hasRemaining()) {
                    assertThat(server.send(plaintext, out)).isEqualTo(Step.PROGRESS);
                    Step step = Step.PROGRESS;
                    while (step == Step.PROGRESS) {
                        step = server.flush(out);
                    }
                }
                pipe.client().inject(bytesOf(out.flip()));
                pipe.client().work();
                assertThat(pipe.client().takeReceived()).isEqualTo(plaintext.array());
            }
        }
    }

    @Promise(ROOM)
    @ParameterizedTest
    @EnumSource
    void theLongestRecordFitsIntoTheRoomThatIsAskedFor(TlsVersion version) throws Exception {
        try (EnginePipe pipe = pipe(version).handshake()) {
            TlsEngine client = pipe.client().engine();
            TlsEngine server = pipe.server().engine();
            byte[] bytes = random(20_000);
            ByteBuffer plaintext = ByteBuffer.wrap(bytes);
            ByteBuffer net = ByteBuffer.allocate(client.netSize());
            assertThat(client.send(plaintext, net)).isEqualTo(Step.PROGRESS);
            assertThat(plaintext.position()).isGreaterThan(16_000);
            ByteBuffer app = ByteBuffer.allocate(server.appSize());
            net.flip();
            while (net.hasRemaining()) {
                assertThat(server.receive(net, app)).isEqualTo(Step.PROGRESS);
            }
            assertThat(bytesOf(app.flip())).isEqualTo(Arrays.copyOf(bytes, plaintext.position()));
        }
    }

    /** The pipe gives no more than is asked for, and fails an engine that then wants more. */
    @Promise(ROOM)
    @ParameterizedTest
    @EnumSource
    void theRoomThatIsAskedForIsEnoughForEachFlight(TlsVersion version) throws Exception {
        TestAuthority far = AUTHORITY.subordinate().subordinate().subordinate();
        try (EnginePipe pipe = pipe(version, HOST, far.identity(HOST))) {
            exchange(pipe.handshake(), 100_000);
        }
    }

    // ---- cost

    private static final int RECORDS = 100;

    /**
     * An engine that is handed the wrong kind copies, into memory of its own. The kind it asks for has it allocate no more
     * than the other: inside the heap for each record, or outside of it once.
     */
    @Promise("The kind of memory that an engine asks for costs it the least")
    @ParameterizedTest
    @EnumSource
    void theKindOfMemoryItAsksForCostsItTheLeast(TlsVersion version) throws Exception {
        Memory wanted;
        try (EnginePipe pipe = pipe(version)) {
            wanted = pipe.client().engine().memory();
        }
        Memory other = wanted == Memory.HEAP ? Memory.DIRECT : Memory.HEAP;
        allocated(version, wanted); // warms up
        allocated(version, other);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 5; i++) {
            least = Math.min(least, allocated(version, wanted));
            most = Math.max(most, allocated(version, other));
        }
        assertThat(least).as("bytes on %s, and on %s", wanted, other).isLessThan(most + most / 10);
    }

    /** By records of a kilobyte, in bytes. */
    private long allocated(TlsVersion version, Memory memory) throws Exception {
        try (EnginePipe pipe = pipe(version)) {
            pipe.client().buffers(ByteBuffer::allocateDirect); // what comes before is not to make a difference
            pipe.server().buffers(ByteBuffer::allocateDirect);
            exchange(pipe.handshake(), 1);
            TlsEngine client = pipe.client().engine();
            TlsEngine server = pipe.server().engine();
            ByteBuffer plaintext = buffer(memory, 1000);
            ByteBuffer net = buffer(memory, client.netSize());
            ByteBuffer app = buffer(memory, server.appSize());
            long before = Allocations.here();
            for (int i = 0; i < RECORDS; i++) {
                client.send(plaintext.clear(), net.clear());
                net.flip();
                while (net.hasRemaining()) {
                    server.receive(net, app.clear());
                }
            }
            return Allocations.here() - before;
        }
    }
}
