package io.github.ioqueue.tests.matrix;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place of the matrix.
 *
 * @param track whether operations are tried at once
 * @param io who waits for sockets, and whose they are
 * @param tls the TLS backend's name; null: none
 * @param version the version of TLS; null where there is none
 */
record Cell(
        Track track, Io io, @Nullable String tls, @Nullable TlsVersion version) {

    /** Every combination, with all the TLS backends that are installed. */
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Track track : Track.values()) {
            for (Io io : Io.values()) {
                cells.add(new Cell(track, io, null, null));
                for (String backend : backends()) {
                    for (TlsVersion version : TlsVersion.values()) {
                        cells.add(new Cell(track, io, backend, version));
                    }
                }
            }
        }
        return cells;
    }

    private static List<String> backends() {
        return TlsBackend.installed().stream().map(TlsBackend::name).sorted().toList();
    }

    /** Why it cannot be run here; null if it can. */
    @Nullable String obstacle() {
        String obstacle = io.obstacle();
        return obstacle != null || tls == null ? obstacle : Layers.obstacle(tls);
    }

    @Override
    public String toString() {
        return "fast track " + track + ", " + io + ", " + (tls == null ? "no TLS" : tls + " " + version);
    }
}
