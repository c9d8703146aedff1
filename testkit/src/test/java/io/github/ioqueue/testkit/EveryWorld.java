package io.github.ioqueue.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs a class on real sockets and on simulated ones, with every fast track and every selector; a ledger watches. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LedgerExtension.class)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ioqueue.testkit.Modes#worlds")
@interface EveryWorld {}
