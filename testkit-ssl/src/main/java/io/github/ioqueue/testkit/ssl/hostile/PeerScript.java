package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * What a hostile peer does, and what must come of it.
 *
 * @param name what it is called
 * @param source where it was seen: a CVE, or the paragraph of an RFC that it breaks
 * @param peer which end it is
 * @param versions the versions of TLS to play it with
 * @param moves what it does, one after the other
 * @param limits whether it takes the limits of a socket to see it: an engine alone may bear it
 * @param reasons what its victim may fail with; empty: it does not fail, but goes on or waits
 */
public record PeerScript(
        String name,
        String source,
        Side peer,
        Set<TlsVersion> versions,
        List<Move> moves,
        boolean limits,
        Set<Reason> reasons) {

    /** An end of a connection. */
    public enum Side {
        /** Who begins. */
        CLIENT,
        /** Who answers. */
        SERVER
    }

    /** One thing that a peer does. */
    @FunctionalInterface
    public interface Move {

        /**
         * Does it.
         *
         * @throws IOException the other end is gone
         */
        void make(PeerEnd peer) throws IOException;
    }

    /** Copies. */
    public PeerScript {
        versions = Set.copyOf(versions);
        moves = List.copyOf(moves);
        reasons = Set.copyOf(reasons);
    }

    /** Does it all; that the victim goes away meanwhile is its right. */
    public void play(PeerEnd peer) throws IOException {
        for (Move move : moves) {
            move.make(peer);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
