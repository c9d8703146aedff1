package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.testkit.ssl.EnginePipe;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;

/**
 * A hostile peer beside an engine alone. The victim is driven as a socket drives it, and watched: {@link EnginePipe} fails
 * when it takes more steps than its bytes account for.
 */
public final class EnginePeer implements PeerEnd, AutoCloseable {

    private final End own;
    private final End victim;

    /** Sets an engine of the peer's against another. */
    public EnginePeer(TlsEngine own, TlsEngine victim) {
        this.own = End.of("peer", own);
        this.victim = End.of("victim", victim);
    }

    /** The other end, to see what has become of it. */
    public End victim() {
        return victim;
    }

    @Override
    public TlsEngine engine() {
        return own.engine();
    }

    @Override
    public byte[] takeSaid() {
        own.work();
        return own.takeSaid();
    }

    @Override
    public void send(byte[] bytes) {
        victim.inject(bytes);
        victim.work();
    }

    @Override
    public boolean listen() {
        victim.work();
        byte[] said = victim.takeSaid();
        own.inject(said);
        return said.length > 0;
    }

    @Override
    public void encrypt(byte[] plaintext) {
        own.send(plaintext);
    }

    @Override
    public void end() {
        // an engine knows of no end but close_notify
    }

    @Override
    public void reset() {
        // nor of a reset
    }

    @Override
    public void close() {
        own.engine().close();
        victim.engine().close();
    }
}
