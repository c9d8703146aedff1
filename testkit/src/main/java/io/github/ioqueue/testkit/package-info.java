/** Instruments for tests of what stands on ioqueue. */
@NullMarked
package io.github.ioqueue.testkit;

import org.jspecify.annotations.NullMarked;
