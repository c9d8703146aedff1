/**
 * TLS over any stream socket: the flow between a handler, an engine and the socket below.
 *
 * <pre>
 *            StreamHandler of the user
 *      onData ^                 | send
 *        TlsInbound         PlaintextQueue      accepted, in order, under the limits of the plaintext
 *             |                 v
 *             +--- engine --- TlsOutbound       CheckedEngine watches that the engine keeps its contract
 *             |                 v
 *             |           CiphertextBuffers     one is filled, one is written; more when encrypted ahead
 *      onData ^                 | send
 *            StreamSocket below: plain, or of another layer
 * </pre>
 *
 * {@link io.github.ioqueue.ssl.SslSocket} is the user's side. {@code TlsConnection} has the events, {@code TlsState} the states
 * and transitions, {@code HandshakePhase} the handshake, {@code TlsEnding} the ends. {@link io.github.ioqueue.ssl.TlsLayer}
 * puts TLS on connections. Configuration and the seam to the engines are in {@link io.github.ioqueue.ssl.tls}.
 *
 * <p>Read next: {@link io.github.ioqueue.ssl.SslSocket}, then {@code TlsState}, {@code TlsConnection}, {@code TlsEnding}, {@code
 * TlsOutbound} and {@code TlsInbound}.
 */
@NullMarked
package io.github.ioqueue.ssl;

import org.jspecify.annotations.NullMarked;
