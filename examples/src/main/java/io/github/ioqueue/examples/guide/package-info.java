/** The code of {@code docs/activesock.md}: what is shown there is compiled, and run by a test. */
@NullMarked
package io.github.ioqueue.examples.guide;

import org.jspecify.annotations.NullMarked;
