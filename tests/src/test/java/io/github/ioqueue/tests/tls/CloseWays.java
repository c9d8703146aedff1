package io.github.ioqueue.tests.tls;

import io.github.ioqueue.DrainReport;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.StreamConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The ways in which a TLS connection ends. */
final class CloseWays {

    private static final int SOME = 300_000;

    private static final StreamConfig PLAIN = StreamConfig.defaults().withMaxQueued(CloseScene.MUCH, 10);
    private static final Duration SECONDS = Duration.ofSeconds(3);

    private CloseWays() {}

    interface Act {
        void on(CloseScene scene) throws Exception;
    }

    /** What the peer does meanwhile. */
    enum Reading {
        AT_ONCE,
        /** When the connection has ended here. */
        AFTERWARDS,
        /** The handshake is not done before; the peer looks for alerts. */
        IN_THE_HANDSHAKE,
        /** The handshake is not done before; the peer goes through with it. */
        HANDSHAKE_FIRST;

        boolean opened() {
            return this == AT_ONCE || this == AFTERWARDS;
        }
    }

    /**
     * One of them.
     *
     * @param fails whether the end is one of several failures, by backend and moment
     */
    record Way(String name, StreamConfig config, Reading reading, boolean fails, HandPeer.Answer answer, Act act) {

        Way with(StreamConfig other) {
            return new Way(name, other, reading, fails, answer, act);
        }

        Way inTheHandshake() {
            return new Way(name, config, Reading.IN_THE_HANDSHAKE, fails, answer, act);
        }

        Way handshakeFirst() {
            return new Way(name, config, Reading.HANDSHAKE_FIRST, fails, answer, act);
        }

        Way unread() {
            return new Way(name, config, Reading.AFTERWARDS, fails, answer, act);
        }

        Way failing() {
            return new Way(name, config, reading, true, answer, act);
        }

        Way answered(HandPeer.Answer other) {
            return new Way(name, config, reading, fails, other, act);
        }
    }

    static Way way(String name, Act act) {
        return new Way(name, PLAIN, Reading.AT_ONCE, false, CloseWays::likewise, act);
    }

    /** The same with more bytes queued than leave while the peer does not read. */
    private static Way queued(String name, Act act) {
        return way(name + "; bytes are queued", scene -> {
            scene.sendMuch();
            act.on(scene);
        });
    }

    /** As a peer that ends when it is told of the end. */
    private static void likewise(HandPeer peer) throws IOException {
        peer.closeNotify();
        peer.end();
    }

    /** Those that are alike with both versions and with every backend. */
    static List<Way> alike() {
        return Stream.of(closes(), otherEnds(), theQueues(), thePeers(), thePeersInTheHandshake(), failures())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Way> closes() {
        return List.of(
                way("`close()`", scene -> scene.run(scene.socket::close)),
                way(
                                "`close()`, and the peer ends its stream without close_notify",
                                scene -> scene.run(scene.socket::close))
                        .answered(HandPeer::end),
                way("`close()`, and the peer resets", scene -> scene.run(scene.socket::close))
                        .answered(HandPeer::reset),
                way("`close()` behind sends that wait", scene -> {
                    scene.sendOp(SOME);
                    scene.run(scene.socket::close);
                }),
                queued("`close()`", scene -> scene.run(scene.socket::close)),
                queued("`close()`, and the peer takes nothing until the deadline", scene -> {
                            scene.run(scene.socket::close);
                            scene.pass(PLAIN.closeTimeout());
                        })
                        .unread(),
                way("`close()` in the handshake", scene -> scene.run(scene.socket::close))
                        .inTheHandshake()
                        .failing(),
                way("`close()` in the handshake, behind a send", scene -> {
                            scene.send(SOME);
                            scene.run(scene.socket::close);
                        })
                        .handshakeFirst());
    }

    private static List<Way> otherEnds() {
        return List.of(
                way(
                                "`shutdownOutput()`, and the peer ends its stream without close_notify",
                                scene -> scene.run(scene.socket::shutdownOutput))
                        .answered(HandPeer::end),
                way("`shutdownOutput()`, and the peer resets", scene -> scene.run(scene.socket::shutdownOutput))
                        .answered(HandPeer::reset),
                way("`abort()`", scene -> scene.run(scene.socket::abort)),
                way("`abort()` in the handshake", scene -> scene.run(scene.socket::abort))
                        .inTheHandshake(),
                way(
                        "`abort(why)`",
                        scene -> scene.run(() -> scene.socket.abort(CloseReason.of(new IOException("the user's"))))),
                way("the handler throws", scene -> scene.peer.send(new byte[] {1})),
                queued("the handler throws", scene -> scene.peer.send(new byte[] {1}))
                        .unread(),
                way("the handler takes nothing of a full remainder", scene -> scene.peer.send(new byte[] {2}))
                        .with(PLAIN.withMaxUnread(1)));
    }

    private static List<Way> theQueues() {
        return List.of(
                way("the queue is closed", CloseWays::closeQueue),
                queued("the queue is closed", CloseWays::closeQueue).unread(),
                queued("`close()`, then the queue is closed", scene -> {
                            scene.run(scene.socket::close);
                            closeQueue(scene);
                        })
                        .unread(),
                queued("`shutdownOutput()`, then the queue is closed", scene -> {
                            scene.run(scene.socket::shutdownOutput);
                            closeQueue(scene);
                        })
                        .unread(),
                queued("the queue is drained until the deadline", scene -> {
                            CompletableFuture<DrainReport> drained = scene.queue.drain(SECONDS);
                            scene.pass(SECONDS);
                            if (!drained.isDone()) {
                                throw new AssertionError("the queue is not drained at the deadline");
                            }
                        })
                        .unread());
    }

    private static void closeQueue(CloseScene scene) {
        scene.run(() -> scene.socket.queue().close());
    }

    private static List<Way> thePeers() {
        return List.of(
                way("the peer sends close_notify and ends its stream", scene -> likewise(scene.peer)),
                way("the peer sends close_notify only", scene -> scene.peer.closeNotify())
                        .answered(peer -> {}),
                queued("the peer sends close_notify only", scene -> scene.peer.closeNotify())
                        .answered(peer -> {}),
                way("the peer sends close_notify, and bytes behind it", scene -> {
                            scene.peer.closeNotify();
                            scene.peer.nonsense();
                        })
                        .answered(peer -> {}),
                way("the peer sends close_notify and resets before the handler closes", scene -> {
                    scene.witness.closesAtEnd = false;
                    scene.peer.closeNotify();
                    scene.until("the end is told", () -> scene.witness.ended);
                    scene.peer.reset();
                }),
                way("both have sent close_notify, and the peer resets before the handler closes", scene -> {
                    scene.witness.closesAtEnd = false;
                    scene.peer.closeNotify();
                    scene.until("the end is told", () -> scene.witness.ended);
                    scene.run(scene.socket::shutdownOutput);
                    scene.settle();
                    scene.peer.reset();
                }),
                way("the peer ends its stream without close_notify", scene -> scene.peer.end()),
                way("the peer ends its stream in the middle of a record", scene -> {
                    scene.peer.raw(10);
                    scene.peer.end();
                }),
                way("the peer resets", scene -> scene.peer.reset()));
    }

    private static List<Way> thePeersInTheHandshake() {
        return List.of(
                way("the peer sends close_notify in the handshake", scene -> scene.peer.closeNotifyInTheClear())
                        .inTheHandshake()
                        .failing(),
                way("the peer ends its stream in the handshake", scene -> scene.peer.end())
                        .inTheHandshake()
                        .failing(),
                way("the peer resets in the handshake", scene -> scene.peer.reset())
                        .inTheHandshake());
    }

    private static List<Way> failures() {
        return List.of(
                way("the peer breaks the protocol", scene -> scene.peer.nonsense()),
                queued("the peer breaks the protocol, and takes nothing for 3 s", scene -> {
                            scene.peer.nonsense();
                            scene.pass(SECONDS);
                        })
                        .unread(),
                way("handshake deadline", scene -> scene.pass(Duration.ofSeconds(10)))
                        .inTheHandshake(),
                way("idle deadline", scene -> scene.pass(SECONDS)).with(PLAIN.withIdleTimeout(SECONDS)));
    }

    /** Those in which it counts whether a direction can end by itself, and the other be read on. */
    static List<Way> halfCloses() {
        return List.of(
                way("`shutdownOutput()`", scene -> scene.run(scene.socket::shutdownOutput)),
                queued("`shutdownOutput()`", scene -> scene.run(scene.socket::shutdownOutput)),
                way("`shutdownOutput()`, and the handler does not close", scene -> {
                    scene.witness.closesAtEnd = false;
                    scene.run(scene.socket::shutdownOutput);
                }),
                way("`shutdownOutput()` in the handshake, behind a send", scene -> {
                            scene.send(SOME);
                            scene.run(scene.socket::shutdownOutput);
                        })
                        .handshakeFirst(),
                way("the peer sends close_notify, and the handler sends on, then closes", scene -> {
                    scene.witness.sendsAtEnd = true;
                    scene.peer.closeNotify();
                }));
    }

    /** With TLS 1.3 the peer may go on. */
    static Way theOtherGoesOn() {
        return way(
                        "`shutdownOutput()`, and the peer sends on, then sends close_notify",
                        scene -> scene.run(scene.socket::shutdownOutput))
                .answered(peer -> {
                    peer.send(new byte[100]);
                    likewise(peer);
                });
    }

    /** With TLS 1.2, and an engine that can. */
    static Way renegotiating() {
        return way(
                "`close()` behind sends, in the middle of a renegotiation",
                scene -> scene.run(() -> {
                    scene.socket.rekey();
                    scene.witness.sendOp(scene.socket, SOME);
                    scene.socket.close();
                }));
    }
}
