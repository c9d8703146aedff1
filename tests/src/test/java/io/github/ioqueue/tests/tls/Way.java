package io.github.ioqueue.tests.tls;

import io.github.ioqueue.FastTrack;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsCapability;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsLimits;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One way to run a scenario.
 *
 * @param client the client's backend
 * @param server the server's
 * @param bufferSize of the sockets, in bytes
 */
record Way(String client, String server, TlsVersion version, FastTrack track, int bufferSize) {

    private static final TestAuthority AUTHORITY = TestAuthority.create();
    private static final int[] BUFFER_SIZES = {4_096, 9_000, 50_000};

    /** So few that every two values of every two columns meet in one of them. */
    static Stream<Way> pairwise() {
        return pairwise(way -> true);
    }

    /** Those in which the client can change the keys. */
    static Stream<Way> clientsThatRekey() {
        return pairwise(way -> way.canRekey(way.client, way.server));
    }

    /** Those in which the server can. */
    static Stream<Way> serversThatRekey() {
        return pairwise(way -> way.canRekey(way.server, way.client));
    }

    private static Stream<Way> pairwise(Predicate<Way> which) {
        List<Way> candidates = new ArrayList<>(all().filter(which).toList());
        Collections.shuffle(candidates, new Random(1));
        Set<List<Object>> open = new HashSet<>();
        candidates.forEach(way -> open.addAll(way.pairs()));
        List<Way> chosen = new ArrayList<>();
        while (!open.isEmpty()) {
            Way best = Collections.max(
                    candidates,
                    (a, b) -> Long.compare(
                            a.pairs().stream().filter(open::contains).count(),
                            b.pairs().stream().filter(open::contains).count()));
            open.removeAll(best.pairs());
            chosen.add(best);
        }
        return chosen.stream();
    }

    /** Every combination. */
    static Stream<Way> all() {
        List<Way> all = new ArrayList<>();
        for (String client : TlsRig.backends()) {
            for (String server : TlsRig.backends()) {
                for (TlsVersion version : TlsVersion.values()) {
                    for (FastTrack track : List.of(FastTrack.ON, FastTrack.OFF, FastTrack.random(1))) {
                        for (int bufferSize : BUFFER_SIZES) {
                            all.add(new Way(client, server, version, track, bufferSize));
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    private List<List<Object>> pairs() {
        List<Object> values = List.of(client, server, version, track.toString(), bufferSize);
        List<List<Object>> pairs = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < i; j++) {
                pairs.add(List.of(j, values.get(j), i, values.get(i)));
            }
        }
        return pairs;
    }

    /** A server in this way, which lets its clients negotiate anew if it can. */
    TlsRig rig(int clientLoops, Function<TlsRig, StreamHandler> service) throws IOException {
        TlsConfig config = TlsConfig.builder()
                .identity(AUTHORITY.identity("localhost"))
                .limits(limits(server))
                .build();
        return new TlsRig(track, bufferSize, TlsRig.layer(server, config), clientLoops, service);
    }

    /** Connects a client in this way, which lets its server negotiate anew if it can. */
    void connect(TlsRig rig, StreamHandler handler) throws IOException {
        TlsConfig config = TlsConfig.builder()
                .trust(AUTHORITY.certificates())
                .versions(version)
                .limits(limits(client))
                .build();
        rig.connect("localhost", TlsRig.layer(client, config), handler);
    }

    private static TlsLimits limits(String backend) {
        return TlsLimits.defaults().withRenegotiations(can(backend, TlsCapability.RENEGOTIATION) ? 1_000 : 0);
    }

    /** A key update of TLS 1.3 every peer obeys; a renegotiation takes two. */
    private boolean canRekey(String beginner, String other) {
        return can(beginner, TlsCapability.REKEY)
                && (version == TlsVersion.TLS_1_3 || can(other, TlsCapability.RENEGOTIATION));
    }

    private static boolean can(String backend, TlsCapability what) {
        return TlsBackend.named(backend).capabilities().contains(what);
    }

    /** Bytes per message, so that some hundred of them are far more than two sockets hold between them. */
    int messageSize() {
        return Math.max(512, bufferSize / 10);
    }

    /** Whether the sockets hold less than what one loop turn writes. */
    boolean isNarrow() {
        return bufferSize < 16_384;
    }
}
