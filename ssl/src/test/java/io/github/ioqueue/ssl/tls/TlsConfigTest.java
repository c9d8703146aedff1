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
        assertThat(config.trust().verifiesPeer()).isTrue();
        assertThat(config.trust().verifiesName()).isTrue();
        assertThat(config.algorithms().versions()).containsExactlyInAnyOrder(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertThat(config.trust().authorities()).isNull();
        assertThat(config.limits().handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatIsInsecureIsNamedSoAndNothingElseTurnsChecksOff() {
        assertThat(TlsConfig.builder().insecureIgnoreName().build().trust().verifiesPeer())
                .isTrue();
        assertThat(TlsConfig.builder().insecureIgnoreName().build().trust().verifiesName())
                .isFalse();
        assertThat(TlsConfig.builder().insecureTrustAnyone().build().trust().verifiesPeer())
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
