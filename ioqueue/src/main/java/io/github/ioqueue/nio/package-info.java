/**
 * The backend over the JDK's channels and selectors: epoll on Linux, kqueue on macOS, the system's own on Windows, or
 * whatever a {@link java.nio.channels.spi.SelectorProvider} brings.
 *
 * <p>This package is the only one that knows {@code java.nio.channels}. What the JDK does differently from what its
 * reader expects is answered here, at the line where it happens. Read: {@link io.github.ioqueue.nio.NioBackend}, then
 * {@code NioDemultiplexer}, then {@code NioStreamPort}.
 */
@NullMarked
package io.github.ioqueue.nio;

import org.jspecify.annotations.NullMarked;
