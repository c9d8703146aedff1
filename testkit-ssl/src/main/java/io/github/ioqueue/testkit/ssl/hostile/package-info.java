/**
 * Engines and peers that do what they may, and what they must not.
 *
 * <pre>
 *   whoever drives an engine                                     a backend, its sockets
 *        |                                                            ^
 *   WatchedEngine   what went through, and who spins             EnginePeer, SocketPeer   an honest engine, and raw bytes
 *        |                                                            |
 *   LegalEngine     odd, but true to the contract                PeerScript   Moves, and what must come of them
 *   HostileEngine   throws, lies, forgets, never ends            PeerScripts  the catalogue: CVEs and breaches of RFCs
 *        |                                                            |
 *   Temper          which Misbehaviour, when: by a seed          HostilePeerContract   one test per script: extend it
 * </pre>
 *
 * <p>The left half is for who writes a user of {@link io.github.ioqueue.ssl.tls.TlsEngine}: under a {@link
 * io.github.ioqueue.testkit.ssl.hostile.LegalEngine} nothing may be lost, under a {@link
 * io.github.ioqueue.testkit.ssl.hostile.HostileEngine} one connection fails, once, and all else goes on. One line replays
 * a run:
 *
 * <pre>{@code
 * WatchedEngine engine = new WatchedEngine(new HostileEngine(Temper.hostile(seed), client, halfClose));
 * }</pre>
 *
 * <p>{@link io.github.ioqueue.testkit.ssl.hostile.HostileJsseBackend} does the same one floor below: to the adapter over
 * Java's {@code SSLEngine}.
 *
 * <p>The right half is for who writes a backend: extend {@link
 * io.github.ioqueue.testkit.ssl.hostile.HostilePeerContract}. What the scripts are about is told in docs/security-rows.md.
 *
 * <p>Read next: {@link io.github.ioqueue.testkit.ssl.hostile.Misbehaviour}, {@link
 * io.github.ioqueue.testkit.ssl.hostile.PeerScripts}.
 */
@NullMarked
package io.github.ioqueue.testkit.ssl.hostile;

import org.jspecify.annotations.NullMarked;
