/** Runnable programs. */
@NullMarked
package io.github.ioqueue.examples;

import org.jspecify.annotations.NullMarked;
