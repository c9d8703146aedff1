package io.github.ioqueue.ssl.jsse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameCheckTest {

    private static final int DNS = 2;
    private static final int IP = 7;

    private static boolean matches(int kind, String name, String host) {
        return NameCheck.matches(List.of(List.of(kind, name)), NameCheck.normal(host));
    }

    @ParameterizedTest
    @CsvSource({
        "a.test, a.test",
        "A.Test, a.tEST",
        "a.test, a.test.",
        "*.a.test, b.a.test",
        "*.A.test, B.a.TEST",
        "xn--bcher-kva.test, bücher.test",
        "a_b.test, a_b.test",
        "localhost, localhost"
    })
    void namesThatMatch(String pattern, String host) {
        assertThat(matches(DNS, pattern, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a.test, b.test",
        "a.test, x.a.test",
        "x.a.test, a.test",
        "*.a.test, a.test",
        "*.a.test, c.b.a.test",
        "*.test, a.test",
        "*, test",
        "*, a.test",
        "b*.a.test, bc.a.test",
        "*b.a.test, cb.a.test",
        "c.*.test, c.a.test",
        "*.*.test, b.a.test",
        "*.a.test, 1.2.3.4",
        "127.0.0.1, 127.0.0.1",
        "a.test., a.test"
    })
    void namesThatDoNotMatch(String pattern, String host) {
        assertThat(matches(DNS, pattern, host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.test\0",
                "a.test\0.evil.test",
                "a.test ",
                "\ta.test",
                "*.a.test\0",
                "*.\0a.test",
                "\u212A.test"
            })
    void oddCharactersMatchNothing(String pattern) {
        assertThat(matches(DNS, pattern, "a.test")).isFalse();
        assertThat(matches(DNS, pattern, "k.test")).isFalse();
        assertThat(matches(DNS, pattern, "b.a.test")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "2001:db8:0:0:0:0:0:1, 2001:db8::1",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:1, [::1]",
        "fe80:0:0:0:0:0:0:1, fe80::1%3"
    })
    void addressesAreComparedAsBytes(String name, String host) {
        assertThat(matches(IP, name, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "127.0.0.1, localhost", "::1, ::2", "a.test, a.test", "999.0.0.1, 999.0.0.1"})
    void addressesThatDoNotMatch(String name, String host) {
        assertThat(matches(IP, name, host)).isFalse();
    }

    @Test
    void oneOfAThousandIsEnough() {
        Collection<List<?>> names = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            names.add(List.of(DNS, "host" + i + ".test"));
        }
        assertThat(NameCheck.matches(names, "host999.test")).isTrue();
        assertThat(NameCheck.matches(names, "host1000.test")).isFalse();
        assertThat(NameCheck.matches(List.of(), "host1.test")).isFalse();
    }

    /** A certificate says how long its names are. */
    @Test
    void aNameOfAMegabyteIsOneAsAnyOther() {
        String parent = "a.".repeat(1 << 19) + "test";
        assertThat(matches(DNS, "*." + parent, "b.a.test")).isFalse();
        assertThat(matches(DNS, parent, parent)).isTrue();
        assertThat(matches(DNS, "*." + parent, "b." + parent)).isTrue();
        assertThat(matches(DNS, "a".repeat(1 << 20) + "-", "a.test")).isFalse();
    }
}
