/**
 * TLS without sockets: how it is configured, what a backend is, and how one fails. Knows of no queue and no thread.
 *
 * <pre>
 *   TlsConfig ---&gt; TlsBackend.context ---&gt; TlsContext.client, server ---&gt; TlsEngine, one per connection
 *   what you want    which implementation     set up once                   ciphertext in, plaintext out
 * </pre>
 *
 * To write a backend, implement {@link io.github.ioqueue.ssl.tls.TlsBackend} and declare it as a service; one for a
 * provider of Java's own {@code SSLEngine} is a set of traits, see {@code io.github.ioqueue.ssl.jsse}.
 *
 * <p>Read next: {@link io.github.ioqueue.ssl.tls.TlsEngine}.
 */
@NullMarked
package io.github.ioqueue.ssl.tls;

import org.jspecify.annotations.NullMarked;
