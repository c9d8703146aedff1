package io.github.ioqueue.testkit.ssl.hostile;

import static io.github.ioqueue.testkit.ssl.hostile.Moves.bytes;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.closeNotify;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.data;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.dribble;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.end;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.handshake;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.listen;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.rekey;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.reset;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.say;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.sayByteByByte;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.sayFirst;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.sayInRecordsOf;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.sayReplacing;
import static io.github.ioqueue.testkit.ssl.hostile.Moves.times;
import static io.github.ioqueue.testkit.ssl.hostile.PeerScript.Side.CLIENT;
import static io.github.ioqueue.testkit.ssl.hostile.PeerScript.Side.SERVER;

import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.hostile.PeerScript.Move;
import io.github.ioqueue.testkit.ssl.hostile.PeerScript.Side;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What has brought down implementations of TLS, or what the protocol forbids; and what must come of it. */
public final class PeerScripts {

    /** The name that clients of these scripts ask for. */
    public static final String HOST = "server.test";

    private static final Set<TlsVersion> ANY = EnumSet.of(TlsVersion.TLS_1_3);
    private static final Set<TlsVersion> BOTH = EnumSet.allOf(TlsVersion.class);
    private static final Set<TlsVersion> NEWER = EnumSet.of(TlsVersion.TLS_1_3);
    private static final Set<TlsVersion> OLDER = EnumSet.of(TlsVersion.TLS_1_2);

    private static final Set<Reason> FINE = Set.of();
    private static final Set<Reason> NOT_TLS = EnumSet.of(Reason.NOT_TLS);
    private static final Set<Reason> MISBEHAVED = EnumSet.of(Reason.PEER_MISBEHAVED);

    /** It closed, or said something out of turn: engines differ in what they see first. */
    private static final Set<Reason> CLOSED = EnumSet.of(Reason.PEER_CLOSED, Reason.PEER_ALERT, Reason.PEER_MISBEHAVED);

    private static final int MANY = 100;

    private PeerScripts() {}

    /** All of them. */
    public static List<PeerScript> all() {
        return Stream.of(broken(), injected(), closing(), floods(), hellos())
                .flatMap(List::stream)
                .toList();
    }

    private static PeerScript script(
            String name, String source, Side peer, Set<TlsVersion> versions, Set<Reason> reasons, Move... moves) {
        return new PeerScript(name, source, peer, versions, List.of(moves), false, reasons);
    }

    private static PeerScript flood(
            String name, String source, Set<TlsVersion> versions, Set<Reason> reasons, Move... moves) {
        return new PeerScript(name, source, CLIENT, versions, List.of(moves), true, reasons);
    }

    private static List<PeerScript> broken() {
        String sslv2 = "80 2e 01 00 02 00 15 00 00 00 10 01 00 80 03 00 80 07 00 c0";
        return List.of(
                script("sslv2Hello", "CVE-2014-3488", CLIENT, ANY, NOT_TLS, bytes(sslv2), times(MANY, bytes("00"))),
                script("sslv2HelloDribbled", "CVE-2014-3488", CLIENT, ANY, NOT_TLS, dribble(sslv2)),
                script("recordAboveMax", "CVE-2021-28165", CLIENT, ANY, MISBEHAVED, dribble("16 03 03 ff ff 01 02 03")),
                script("answerAboveMax", "CVE-2021-28165", SERVER, ANY, MISBEHAVED, dribble("16 03 03 ff ff 01 02 03")),
                script("answerInTheClear", "RFC 8446, 5.1", SERVER, ANY, NOT_TLS, bytes("48 54 54 50 2f 31 2e 31")),
                script(
                        "hugeMessageDeclared",
                        "CVE-2023-34462",
                        CLIENT,
                        ANY,
                        EnumSet.of(Reason.PEER_MISBEHAVED, Reason.TRUNCATED),
                        bytes("16 03 01 00 09 01 ff ff ff 03 03 00 00 00"),
                        end()),
                script(
                        "dataBeforeTheHandshake",
                        "RFC 8446, 5.1",
                        CLIENT,
                        BOTH,
                        EnumSet.of(Reason.PEER_MISBEHAVED),
                        bytes("17 03 03 00 05 68 65 6c 6c 6f")));
    }

    /** What anybody on the path can put behind a handshake, without a key. */
    private static List<PeerScript> injected() {
        Move[] begun = {handshake(), data(100)};
        String rfc = "RFC 8446, 6.1";
        return List.of(
                script("foreignByte", rfc, CLIENT, BOTH, NOT_TLS, begun[0], begun[1], bytes("ff")),
                script("foreignByteToAClient", rfc, SERVER, BOTH, NOT_TLS, begun[0], begun[1], bytes("ff")),
                script("foreignText", rfc, CLIENT, BOTH, NOT_TLS, begun[0], begun[1], bytes("47 45 54 20 2f")),
                script("foreignVersion", rfc, CLIENT, BOTH, NOT_TLS, begun[0], begun[1], bytes("17 02 02 00 20 00")),
                script("foreignLength", rfc, CLIENT, BOTH, MISBEHAVED, begun[0], begun[1], bytes("17 03 03 ff ff 00")));
    }

    private static List<PeerScript> closing() {
        String plainClose = "15 03 03 00 02 01 00";
        return List.of(
                script("closeNotifyAtOnce", "CVE-2024-32650", CLIENT, BOTH, CLOSED, bytes(plainClose)),
                script("closeNotifyBehindHello", "CVE-2024-32650", CLIENT, BOTH, CLOSED, say(), bytes(plainClose)),
                script("closeNotifyForAnAnswer", "CVE-2024-32650", SERVER, BOTH, CLOSED, bytes(plainClose)),
                script(
                        "closeNotifyInTheHandshake",
                        "CVE-2024-32650",
                        CLIENT,
                        NEWER,
                        CLOSED,
                        say(),
                        listen(),
                        closeNotify()),
                script("closeNotifyThenEnd", "CVE-2023-1108", CLIENT, BOTH, FINE, handshake(), closeNotify(), end()),
                script("closeNotifyOnly", "CVE-2023-1108", CLIENT, BOTH, FINE, handshake(), closeNotify()),
                script("endOnly", "CVE-2023-1108", CLIENT, BOTH, FINE, handshake(), end()),
                script(
                        "endThenReset",
                        "CVE-2026-42577",
                        CLIENT,
                        BOTH,
                        FINE,
                        handshake(),
                        data(100),
                        closeNotify(),
                        end(),
                        reset()));
    }

    private static List<PeerScript> floods() {
        Set<Reason> cut = EnumSet.of(Reason.PEER_MISBEHAVED, Reason.PEER_ALERT, Reason.PEER_CLOSED);
        Set<Reason> refused = EnumSet.of(Reason.RENEGOTIATION, Reason.PEER_MISBEHAVED);
        Move update = rekey();
        return List.of(
                flood("emptyHandshakeRecords", "RFC 8446, 5.1", BOTH, cut, times(60_000, bytes("16 03 03 00 00"))),
                flood("warningsAtOnce", "RFC 8446, 6", BOTH, cut, times(60_000, bytes("15 03 03 00 02 01 5a"))),
                flood("keyUpdates", "RFC 8446, 4.6.3", NEWER, MISBEHAVED, handshake(), times(MANY, update)),
                script("renegotiation", "CVE-2011-1473", CLIENT, OLDER, refused, handshake(), update),
                script("fewKeyUpdates", "RFC 8446, 4.6.3", CLIENT, NEWER, FINE, handshake(), update, update, data(9)));
    }

    private static List<PeerScript> hellos() {
        Move[] whole = {handshake(), data(100)};
        Set<Reason> cut = EnumSet.of(Reason.TRUNCATED);
        List<PeerScript> all = new ArrayList<>();
        all.add(script("helloByteByByte", "CVE-2024-11738", CLIENT, BOTH, FINE, sayByteByByte(), whole[0], whole[1]));
        for (int size : new int[] {1, 5, 100}) {
            String name = "helloInRecordsOf" + size;
            all.add(script(name, "CVE-2024-11738", CLIENT, BOTH, FINE, sayInRecordsOf(size), whole[0], whole[1]));
        }
        all.add(script("truncatedHello", "CVE-2025-24970", CLIENT, BOTH, cut, sayFirst(60)));
        // A name that is none may be refused, or taken for one that nobody has.
        Set<Reason> refused = EnumSet.of(Reason.PEER_MISBEHAVED, Reason.NOTHING_IN_COMMON, Reason.TRUNCATED);
        for (String odd :
                List.of("_erver.test", "192.168.0.1", "server.tes.", "server\0test", "-erver.test", "...........")) {
            String name = "helloForName" + odd.replace('\0', '0');
            all.add(script(name, "RFC 6066, 3", CLIENT, BOTH, refused, sayReplacing(HOST, odd)));
        }
        return all;
    }
}
