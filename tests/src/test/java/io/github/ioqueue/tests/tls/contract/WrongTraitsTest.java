package io.github.ioqueue.tests.tls.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.ssl.bouncycastle.BouncyCastleBackend;
import io.github.ioqueue.ssl.conscrypt.ConscryptBackend;
import io.github.ioqueue.ssl.jsse.JdkBackend;
import io.github.ioqueue.ssl.jsse.JsseBackend;
import io.github.ioqueue.ssl.jsse.JsseTraits;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsEngine.Memory;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.security.Provider;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each trait of a backend, set wrong, breaks a case of the contract: so a backend that keeps it has told the truth. */
class WrongTraitsTest {

    private static final JsseBackend JDK = new JdkBackend();
    private static final JsseBackend CONSCRYPT = new ConscryptBackend();
    private static final JsseBackend BOUNCY_CASTLE = new BouncyCastleBackend();
    private static final Pattern NEVER = Pattern.compile("(x)\\b\\B");
    private static final Consumer<Object> NOTHING = WrongTraitsTest::doNothing;
    private static final JsseTraits.Exporter ZEROS = WrongTraitsTest::zeros;

    /** A trait of a backend with a wrong value, and a case that must not pass then. */
    private record Wrong(JsseBackend base, String trait, Object value, String brokenCase) {
        @Override
        public String toString() {
            return base.name() + ": " + trait + " " + value + " breaks " + brokenCase;
        }
    }

    static Stream<Wrong> wrongTraits() {
        return Stream.concat(
                Stream.of(
                        new Wrong(JDK, "memory", Memory.DIRECT, "theKindOfMemoryItAsksForCostsItTheLeast"),
                        new Wrong(CONSCRYPT, "memory", Memory.HEAP, "theKindOfMemoryItAsksForCostsItTheLeast"),
                        new Wrong(JDK, "alert", NEVER, "noCommonVersionIsToldAsSuch"),
                        new Wrong(CONSCRYPT, "alert", NEVER, "noCommonVersionIsToldAsSuch"),
                        new Wrong(BOUNCY_CASTLE, "alert", NEVER, "noCommonVersionIsToldAsSuch"),
                        new Wrong(JDK, "nothingInCommon", NEVER, "noCommonVersionIsToldAsSuch"),
                        new Wrong(CONSCRYPT, "nothingInCommon", NEVER, "noCommonVersionIsToldAsSuch"),
                        new Wrong(BOUNCY_CASTLE, "nothingInCommon", NEVER, "noCommonVersionIsToldAsSuch"),
                        new Wrong(JDK, "noCertificate", NEVER, "aClientThatHasNoneIsRefusedWhereItIsNeeded"),
                        new Wrong(CONSCRYPT, "noCertificate", NEVER, "aClientThatHasNoneIsRefusedWhereItIsNeeded"),
                        new Wrong(JDK, "hollowSuites", Pattern.compile("AES_128"), "whatThereIsToOfferIsListed"),
                        new Wrong(BOUNCY_CASTLE, "noCertificate", NEVER, "aClientThatHasNoneIsRefusedWhereItIsNeeded"),
                        new Wrong(BOUNCY_CASTLE, "hollowSuites", NEVER, "eachSuiteThatIsListedCanBeChosen"),
                        new Wrong(CONSCRYPT, "asksForKeyAlways", false, "aSecondConnectionResumesExactlyWhereItCan"),
                        new Wrong(CONSCRYPT, "resumeAtServer", NOTHING, "aSecondConnectionResumesExactlyWhereItCan"),
                        new Wrong(JDK, "forgetSessions", NOTHING, "nothingIsResumedWhereOneEndRemembersNothing"),
                        new Wrong(CONSCRYPT, "exporter", ZEROS, "bothEndsExportTheSameKeyingMaterial")),
                Stream.concat(claims(), denials()));
    }

    /** Whatever one of them cannot do, on the JDK that runs this. */
    private static Stream<Wrong> claims() {
        return Stream.of(JDK, CONSCRYPT, BOUNCY_CASTLE)
                .flatMap(base -> EnumSet.allOf(TlsCapability.class).stream()
                        .filter(capability -> !base.capabilities().contains(capability))
                        .map(capability -> {
                            Set<TlsCapability> more = EnumSet.copyOf(base.capabilities());
                            more.add(capability);
                            return new Wrong(base, "capabilities", more, caseOf(capability));
                        }));
    }

    /** What the library has to know of; what else is not claimed is just not offered. */
    private static Stream<Wrong> denials() {
        return Stream.of(
                        TlsCapability.HALF_CLOSE,
                        TlsCapability.READ_ON,
                        TlsCapability.RESUMPTION_1_3,
                        TlsCapability.TASKS)
                .map(capability -> {
                    Set<TlsCapability> fewer = EnumSet.copyOf(JDK.capabilities());
                    fewer.remove(capability);
                    return new Wrong(JDK, "capabilities", fewer, caseOf(capability));
                });
    }

    private static String caseOf(TlsCapability capability) {
        return switch (capability) {
            case HALF_CLOSE -> "afterThePeersEndSendingGoesOnExactlyWhereItIsACapability";
            case READ_ON -> "afterItsOwnEndReadingGoesOnExactlyWhereItIsACapability";
            case RESUMPTION_1_3 -> "aSecondConnectionResumesExactlyWhereItCan";
            case TASKS -> "tasksRunOnAnotherThreadOrThereAreNone";
            case SUITE_CHOICE_1_3 -> "aNewerSuiteThatIsChosenIsTakenOrTheChoiceIsRefused";
            case GROUP_CHOICE -> "groupsThatAreChosenAreTheOnlyOnesOrTheChoiceIsRefused";
            case SIGNATURE_CHOICE -> "signaturesThatAreChosenAreTheOnlyOnesOrTheChoiceIsRefused";
            case RENEGOTIATION -> "aPeerNegotiatesAnewAsOftenAsItMay";
            case REKEY -> "aKeyUpdateLosesNothing";
            case EXPORTER -> "bothEndsExportTheSameKeyingMaterial";
            case ED25519 -> "anIdentityOnEd25519ServesBothEndsOrIsRefused";
            case RSASSA_PSS -> "anIdentityForRsassaPssServesBothEndsOrIsRefused";
            case KEY_CHOICE -> "ofSeveralKindsForANameOneThatTheClientCanUseIsShown";
        };
    }

    @ParameterizedTest
    @MethodSource("wrongTraits")
    void aTraitThatIsSetWrongBreaksACase(Wrong wrong) throws Exception {
        JsseBackend liar = backend(wrong.base, with(wrong.base.traits(), wrong.trait, wrong.value));
        assertThat(ContractRun.failures(liar, wrong.brokenCase)).isPositive();
    }

    /** So that it is the wrong trait that broke it. */
    @ParameterizedTest
    @MethodSource("wrongTraits")
    void theSameTraitsAsTheyAreBreakNone(Wrong wrong) throws Exception {
        assertThat(ContractRun.failures(backend(wrong.base, wrong.base.traits()), wrong.brokenCase))
                .isZero();
    }

    @Test
    void noTraitIsWithoutSuchACase() {
        assertThat(wrongTraits().map(Wrong::trait).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(JsseTraits.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(Collectors.toSet()));
    }

    private static void doNothing(Object whatever) {}

    private static byte[] zeros(SSLEngine engine, String label, byte @Nullable [] context, int length) {
        return new byte[length];
    }

    private static JsseBackend backend(JsseBackend base, JsseTraits traits) {
        return new JsseBackend("liar", traits) {
            @Override
            protected @Nullable Provider provider() {
                try {
                    Method provider = JsseBackend.class.getDeclaredMethod("provider");
                    provider.setAccessible(true);
                    return (Provider) provider.invoke(base);
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(e.getMessage(), e);
                }
            }
        };
    }

    static JsseTraits with(JsseTraits traits, String trait, Object value) {
        RecordComponent[] components = JsseTraits.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = components[i].getName().equals(trait)
                        ? value
                        : components[i].getAccessor().invoke(traits);
            }
            return JsseTraits.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
