/**
 * TLS by Bouncy Castle: the protocol in pure Java, from another hand than the JDK's, over the ciphers of the JDK.
 *
 * <p>It runs wherever Java does. Its providers are not registered with the JVM: nobody but this backend uses them. What it
 * writes to {@code java.util.logging} of each connection, and of each alert with its stack, is silenced at its logger {@code
 * org.bouncycastle.jsse}, unless that has a level of its own: failures are told by {@link
 * io.github.ioqueue.ssl.tls.TlsException}.
 *
 * <p>Sending and receiving end together: after {@code shutdownOutput} nothing more is read, and unless the connection is
 * closed by this end, too, its end is told as {@code TRUNCATED}. Sessions of TLS 1.3 are not resumed.
 */
@NullMarked
package io.github.ioqueue.ssl.bouncycastle;

import org.jspecify.annotations.NullMarked;
