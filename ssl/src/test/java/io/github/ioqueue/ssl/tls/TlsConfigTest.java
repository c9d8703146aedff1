package io.github.ioqueue.ssl.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlsConfigTest {

    @Test
    void theDefaultsAreSecure() {
        TlsConfig config = TlsConfig.defaults();
        assertThat(config.verifiesPeer()).isTrue();
        assertThat(config.verifiesName()).isTrue();
        assertThat(config.versions()).containsExactlyInAnyOrder(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertThat(config.authorities()).isNull();
        assertThat(config.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatIsInsecureIsNamedSoAndNothingElseTurnsChecksOff() {
        assertThat(TlsConfig.builder().insecureIgnoreName().build().verifiesPeer())
                .isTrue();
        assertThat(TlsConfig.builder().insecureIgnoreName().build().verifiesName())
                .isFalse();
        assertThat(TlsConfig.builder().insecureTrustAnyone().build().verifiesPeer())
                .isFalse();
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsConfig.builder().versions().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsConfig.builder().trust(List.of()).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsConfig.builder().applicationProtocols("").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsConfig.builder()
                        .applicationProtocols("x".repeat(256))
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        TlsConfig.builder().handshakeTimeout(Duration.ZERO).build());
    }

    @Test
    void anUnknownBackendIsRefusedWithAListOfThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsBackend.named("none"))
                .withMessageContaining("none")
                .withMessageContaining("jdk");
    }
}
