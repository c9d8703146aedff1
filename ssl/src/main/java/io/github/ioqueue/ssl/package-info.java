/**
 * TLS over any stream socket: the flow between a handler, an engine and the socket below.
 *
 * <pre>
 *            StreamHandler of the user
 *      onData ^                 | send
 *   {@code Decrypting}             {@code Plaintext}      what waits, in order, under the limits of the plaintext
 *             |                 v
 *             +--- engine --- {@code Encrypting}    {@code CheckedEngine}: kept to its contract
 *             |                 v
 *             |             {@code Ciphertext}      one buffer filled, one written
 *      onData ^                 | send
 *            StreamSocket below: plain, or of another layer
 * </pre>
 *
 * {@link io.github.ioqueue.ssl.SslSocket} is the whole of them and its life; {@link io.github.ioqueue.ssl.TlsLayer} puts
 * one on what is connected or accepted. Configuration and the seam to the engines are in {@link
 * io.github.ioqueue.ssl.tls}.
 *
 * <p>Read next: {@link io.github.ioqueue.ssl.SslSocket}, then {@code Encrypting} and {@code Decrypting}.
 */
@NullMarked
package io.github.ioqueue.ssl;

import org.jspecify.annotations.NullMarked;
