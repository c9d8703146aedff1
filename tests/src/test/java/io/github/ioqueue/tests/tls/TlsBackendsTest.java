package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.tls.TlsBackend;
import org.junit.jupiter.api.Test;

/** No backend is there that the tests leave out. */
class TlsBackendsTest {

    @Test
    void eachThatIsInstalledIsTested() {
        assertThat(TlsBackend.installed())
                .extracting(TlsBackend::name)
                .containsExactlyInAnyOrderElementsOf(TlsRig.backends());
    }
}
