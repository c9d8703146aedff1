/**
 * Runnable programs behind one command line.
 *
 * <pre>
 *   Hello            the smallest server: the README's echo
 *   Main             ./ioq
 *     EchoCommand      echo: a server of raw bytes, TCP or UDP
 *     ConnectCommand   connect: standard input and output to a connection
 *     DemoCommand      demo: a checked load over every combination there is, and a table
 *   guide            the code of docs/activesock.md
 * </pre>
 *
 * Read {@code Hello}, then {@code EchoHandler}: it shows what a handler does about a peer that does not read.
 */
@NullMarked
package io.github.ioqueue.examples;

import org.jspecify.annotations.NullMarked;
