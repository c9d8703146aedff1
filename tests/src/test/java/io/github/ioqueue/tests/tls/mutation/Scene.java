package io.github.ioqueue.tests.tls.mutation;

import io.github.ioqueue.ssl.tls.ClientAuth;
import io.github.ioqueue.ssl.tls.SessionCache;
import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsContext;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsVersion;
import io.github.ioqueue.testkit.ssl.TestAuthority;
import io.github.ioqueue.testkit.ssl.TestAuthority.KeyKind;
import java.util.ArrayList;
import java.util.List;

/** One kind of handshake, of both ends by one backend. */
final class Scene {

    private static final String HOST = "localhost";
    private static final int PORT = 1;

    private final String name;
    private final boolean resumed;
    private final TlsContext client;
    private final TlsContext server;

    private Scene(
            TlsBackend backend, TestAuthority authority, TlsVersion version, KeyKind key, boolean auth, boolean resumed)
            throws TlsException {
        this.name = version + " " + key + (auth ? ", client certificate" : "") + (resumed ? ", resumed" : "");
        this.resumed = resumed;
        SessionCache sessions = resumed ? SessionCache.defaults() : SessionCache.none();
        TlsConfig.Builder here = TlsConfig.builder()
                .trust(authority.certificates())
                .versions(version)
                .sessions(sessions);
        TlsConfig.Builder there = TlsConfig.builder()
                .identity(authority.request().key(key).names(HOST).issue())
                .sessions(sessions);
        if (auth) {
            here.identity(authority.request().key(key).names("client.test").issue());
            there.trust(authority.certificates()).clientAuth(ClientAuth.NEED);
        }
        client = backend.context(here.build());
        server = backend.context(there.build());
    }

    /** Each version, with keys of both kinds, with client certificates, and resumed. */
    static List<Scene> of(TlsBackend backend) throws TlsException {
        TestAuthority authority = TestAuthority.create();
        List<Scene> scenes = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            for (KeyKind key : List.of(KeyKind.EC, KeyKind.RSA)) {
                scenes.add(new Scene(backend, authority, version, key, false, false));
                scenes.add(new Scene(backend, authority, version, key, true, false));
            }
            scenes.add(new Scene(backend, authority, version, KeyKind.EC, false, true));
        }
        return scenes;
    }

    /** A handshake with this change in it; behind one without any that has a session to resume, if it is to be. */
    Handshake handshake(Change change) throws TlsException {
        if (resumed) {
            try (Handshake before = connect(Change.NONE)) {
                before.runUndisturbed();
            }
        }
        return connect(change);
    }

    private Handshake connect(Change change) throws TlsException {
        return new Handshake(client.client(HOST, PORT), server.server(), change);
    }

    @Override
    public String toString() {
        return name;
    }
}
