/** Active sockets over the queue. */
@NullMarked
package io.github.ioqueue.activesock;

import org.jspecify.annotations.NullMarked;
