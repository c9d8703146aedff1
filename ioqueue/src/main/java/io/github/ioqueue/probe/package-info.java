/**
 * Seeing inside: probes to put on a queue by {@link io.github.ioqueue.IoQueueConfig.Builder#probe}, several of them by
 * {@link io.github.ioqueue.probe.Probes#all}.
 *
 * <pre>
 *   {@link io.github.ioqueue.QueueProbe}  every transition of an op and a key
 *      {@link io.github.ioqueue.probe.QueueCounters}   what was done, in numbers: for metrics
 *      {@link io.github.ioqueue.probe.SlowCallbacks}   which callback keeps the loop from its work
 *      {@link io.github.ioqueue.probe.JfrProbe}        callbacks and polls as events of the JDK's flight recorder
 * </pre>
 *
 * <p>What a single key is doing says {@link io.github.ioqueue.IoKey#explain}, what a queue is doing {@link
 * io.github.ioqueue.IoQueue#dump}.
 */
@NullMarked
package io.github.ioqueue.probe;

import org.jspecify.annotations.NullMarked;
