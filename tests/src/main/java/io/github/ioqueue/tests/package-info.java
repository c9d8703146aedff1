/** Suites across the layers; all of them are below src/test. */
@NullMarked
package io.github.ioqueue.tests;

import org.jspecify.annotations.NullMarked;
