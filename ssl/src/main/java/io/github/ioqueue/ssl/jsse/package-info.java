/**
 * TLS by any provider of Java's {@code SSLEngine}: one adapter, and what differs between them as data.
 *
 * <pre>
 *   JsseBackend ----&gt; {@code JsseContext} ----&gt; JsseEngine ----&gt; SSLEngine
 *     JsseTraits        SSLContext           receive, send, flush     |
 *                       {@code JsseTrust, JsseKeys} &lt;---- {@code JsseHandshake} ----------+ asks whom to trust,
 *                         chain, then {@code NameCheck}      found by thread            which key to show
 * </pre>
 *
 * The JDK's is {@link io.github.ioqueue.ssl.jsse.JdkBackend}; another needs a subclass of {@link
 * io.github.ioqueue.ssl.jsse.JsseBackend} with traits of its own.
 *
 * <p>Read next: {@link io.github.ioqueue.ssl.jsse.JsseEngine}, then {@code JsseTrust}.
 */
@NullMarked
package io.github.ioqueue.ssl.jsse;

import org.jspecify.annotations.NullMarked;
