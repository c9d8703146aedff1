package io.github.ioqueue.tests.tls;

import io.github.ioqueue.tests.tls.CloseWays.Act;
import io.github.ioqueue.tests.tls.CloseWays.Way;
import java.util.List;

/** The ways in which a TLS connection fails after the handshake, with accepted bytes at every place on their way. */
final class FailureWays {

    /** Fewer than the system's buffers hold. */
    private static final int SOME = 5_000;

    private static final int KEY_UPDATES = 6;

    private FailureWays() {}

    /** Where accepted bytes are when the connection fails. */
    @SuppressWarnings("ImmutableEnumChecker") // an act is code
    enum Place {
        /** Accepted in the callback in which the failure is found. */
        PLAINTEXT(scene -> {
            scene.witness.answer = socket -> scene.witness.send(socket, SOME);
            scene.peer.send(new byte[] {3});
        }),
        /** Behind what the kernel holds. */
        CIPHERTEXT(CloseScene::sendMuch),
        /** All of them; the peer has read none. */
        KERNEL(scene -> {
            scene.send(SOME);
            scene.settle();
        }),
        /** Another thread's send has returned, and the loop does not know. */
        FOREIGN(scene -> {
            Thread sender = new Thread(() -> scene.witness.send(scene.socket, SOME), "sender");
            sender.start();
            sender.join();
        });

        private final Act act;

        Place(Act act) {
            this.act = act;
        }
    }

    /** One kind of failure, and the places of which it makes the same. */
    record Kind(String name, List<Place> places, Act act) {

        Way at(Place place) {
            return CloseWays.way(name + " (" + place + ")", scene -> {
                        place.act.on(scene);
                        act.on(scene);
                    })
                    .failing();
        }
    }

    private static Kind kind(String name, Act act) {
        return new Kind(name, List.of(Place.values()), act);
    }

    /** Those that are alike with both versions and with every backend. */
    static List<Kind> alike() {
        return List.of(
                kind("a byte that begins no record", scene -> scene.peer.raw("ff")),
                kind("a line of text", scene -> scene.peer.raw("47 45 54 20 2f")),
                kind("a header of SSL 2", scene -> scene.peer.raw("80 10 00 02")),
                kind("a header of another version", scene -> scene.peer.raw("17 02 02 00 20")),
                kind("a header that announces more than any record has", scene -> scene.peer.raw("17 03 03 ff ff 00")),
                kind("a record that cannot be decrypted", scene -> scene.peer.nonsense()),
                new Kind(
                        "the end of the stream, before all is with the kernel",
                        List.of(Place.CIPHERTEXT),
                        scene -> scene.peer.end()),
                new Kind(
                        "the end of the stream, when all is with the kernel",
                        List.of(Place.KERNEL),
                        scene -> scene.peer.end()));
    }

    /** With TLS 1.3. */
    static Kind keyUpdates() {
        return kind("more key updates than the limit", scene -> {
            for (int i = 0; i < KEY_UPDATES; i++) {
                scene.peer.rekey();
            }
        });
    }

    /** With TLS 1.2, and an engine that knows of renegotiations. */
    static Kind renegotiation() {
        return kind("a renegotiation that is refused", scene -> scene.peer.rekey());
    }
}
