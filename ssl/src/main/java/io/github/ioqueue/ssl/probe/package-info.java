/**
 * Probes to see TLS with: {@link io.github.ioqueue.ssl.probe.TlsCounters} counts, {@link
 * io.github.ioqueue.ssl.probe.TlsJfrProbe} tells the flight recorder. {@link io.github.ioqueue.ssl.TlsProbe#all} puts
 * several in.
 */
@NullMarked
package io.github.ioqueue.ssl.probe;

import org.jspecify.annotations.NullMarked;
