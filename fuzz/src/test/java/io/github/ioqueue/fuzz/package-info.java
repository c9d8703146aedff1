/**
 * What reads the bytes of strangers, under Jazzer. A target is a class with a static {@code fuzzerTestOneInput(byte[])}
 * that throws when its property does not hold; it stands in the package of what it tests.
 */
package io.github.ioqueue.fuzz;
