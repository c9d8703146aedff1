package io.github.ioqueue.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.ioqueue");

    @Test
    void onlyTheJdkBackendKnowsChannels() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.github.ioqueue.nio", "io.github.ioqueue.tests..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.channels..")
                .check(CLASSES);
    }

    @Test
    void theQueueDoesNotKnowItsJdkBackend() {
        noClasses()
                .that()
                .resideInAPackage("io.github.ioqueue")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.ioqueue.nio", "io.github.ioqueue.activesock..")
                .check(CLASSES);
    }

    @Test
    void activeSocketsKnowTheBackendBySpiAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.github.ioqueue.activesock..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.ioqueue.nio")
                .check(CLASSES);
    }

    @Test
    void enginesKnowNothingOfQueuesAndSockets() {
        noClasses()
                .that()
                .resideInAnyPackage("io.github.ioqueue.ssl.tls", "io.github.ioqueue.ssl.jsse")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.ioqueue",
                        "io.github.ioqueue.spi",
                        "io.github.ioqueue.activesock",
                        "io.github.ioqueue.ssl")
                .check(CLASSES);
    }

    @Test
    void theFlowKnowsEnginesByTheirSpiAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.github.ioqueue.ssl")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.github.ioqueue.ssl.jsse", "javax.net.ssl..")
                .check(CLASSES);
    }

    @Test
    void theSpiKnowsNothingOfWhatStandsOnIt() {
        noClasses()
                .that()
                .resideInAPackage("io.github.ioqueue.spi")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.github.ioqueue",
                        "io.github.ioqueue.nio",
                        "io.github.ioqueue.activesock..",
                        "io.github.ioqueue.testkit..")
                .check(CLASSES);
    }

    @Test
    void packagesKnowEachOtherInOneDirectionOnly() {
        slices().matching("io.github.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
