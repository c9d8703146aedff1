package io.github.ioqueue.benchmarks;

/** A connection with a loop of its own, on which any thread may send. */
interface Sender extends AutoCloseable {

    void send(byte[] bytes);
}
