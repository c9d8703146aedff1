/** Not exported. */
@NullMarked
package io.github.ioqueue.internal;

import org.jspecify.annotations.NullMarked;
