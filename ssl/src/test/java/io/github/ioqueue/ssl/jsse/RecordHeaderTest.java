package io.github.ioqueue.ssl.jsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordHeaderTest {

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static void assertRefused(ByteBuffer in, Reason reason, String what) {
        assertThatThrownBy(() -> RecordHeader.isComplete(in))
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(what);
    }

    @Test
    void aRecordIsCompleteWithItsLastByte() throws TlsException {
        assertThat(RecordHeader.isComplete(bytes())).isFalse();
        assertThat(RecordHeader.isComplete(bytes(22))).isFalse();
        assertThat(RecordHeader.isComplete(bytes(22, 3, 1, 0))).isFalse();
        assertThat(RecordHeader.isComplete(bytes(22, 3, 1, 0, 2, 7))).isFalse();
        assertThat(RecordHeader.isComplete(bytes(22, 3, 1, 0, 2, 7, 7))).isTrue();
        assertThat(RecordHeader.isComplete(bytes(22, 3, 1, 0, 2, 7, 7, 99))).isTrue();
    }

    @Test
    void itLooksFromThePositionAndMovesNothing() throws TlsException {
        ByteBuffer in = bytes(1, 1, 23, 3, 3, 0, 1, 9).position(2);
        assertThat(RecordHeader.isComplete(in)).isTrue();
        assertThat(in.position()).isEqualTo(2);
    }

    @Test
    void theLongestRecordIsLetInAndOneByteMoreIsNot() throws TlsException {
        assertThat(RecordHeader.isComplete(bytes(23, 3, 3, 0x48, 0x00))).isFalse();
        assertRefused(bytes(23, 3, 3, 0x48, 0x01), Reason.PEER_MISBEHAVED, "18433");
        assertRefused(bytes(23, 3, 3, 0xff, 0xff), Reason.PEER_MISBEHAVED, "65535");
    }

    @Test
    void whatIsNotTlsIsKnownByItsFirstBytes() {
        assertRefused(bytes(0), Reason.NOT_TLS, "00");
        assertRefused(bytes(25, 3), Reason.NOT_TLS, "19 03");
        assertRefused(bytes(22, 2), Reason.NOT_TLS, "16 02");
        assertRefused(bytes(0x80, 0x2e, 1, 0, 2), Reason.NOT_TLS, "80 2e"); // a ClientHello of SSL 2
        ByteBuffer request = ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertRefused(request, Reason.NOT_TLS, "\"GET / HTTP/1.1\"");
    }
}
