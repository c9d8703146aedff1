package io.github.ioqueue.tests.tls.mutation;

import io.github.ioqueue.ssl.tls.TlsEngine;
import io.github.ioqueue.ssl.tls.TlsEngine.Step;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.ssl.tls.TlsException.Reason;
import io.github.ioqueue.testkit.ssl.EnginePipe.End;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A handshake of two engines over wires of which one changes something, and the judgement: whatever came, each end fails
 * for a reason that blames the peer, or waits for more, or goes on; it takes no more steps than its bytes account for, which
 * {@link End} watches; and what nobody encrypted is never told as plaintext.
 */
final class Handshake implements AutoCloseable {

    /** How one ended. */
    enum Outcome {
        FAILED,
        WAITED,
        WENT_ON
    }

    private static final byte[] SECRET = "what the peer has sent".getBytes(StandardCharsets.US_ASCII);

    /** An application data record that is not encrypted. */
    private static final byte[] IN_THE_CLEAR = {23, 3, 3, 0, 4, 'e', 'v', 'i', 'l'};

    private static final Set<Reason> BLAMES_THE_PEER = EnumSet.of(
            Reason.PEER_ALERT,
            Reason.NOT_TLS,
            Reason.PEER_MISBEHAVED,
            Reason.UNTRUSTED,
            Reason.EXPIRED,
            Reason.WRONG_NAME,
            Reason.BAD_CERTIFICATE,
            Reason.NOTHING_IN_COMMON,
            Reason.PEER_CLOSED);

    private final End client;
    private final End server;
    private final Wire forth;
    private final Wire back;

    Handshake(TlsEngine client, TlsEngine server, Change change) {
        this.client = End.of("client", client);
        this.server = End.of("server", server);
        this.forth = new Wire(change.byClient() ? change : null);
        this.back = new Wire(change.byClient() ? null : change);
    }

    private void pump() {
        for (int quiet = 0; quiet < 2; quiet++) {
            boolean moved = client.work();
            moved |= server.work();
            byte[] said = client.takeSaid();
            byte[] answered = server.takeSaid();
            server.inject(forth.pass(said));
            client.inject(back.pass(answered));
            if (moved || said.length + answered.length > 0) {
                quiet = -1;
            }
        }
    }

    /** Without any change: it succeeds. */
    Handshake runUndisturbed() {
        Outcome outcome = run();
        if (outcome != Outcome.WENT_ON) {
            throw new AssertionError("a handshake without any change " + outcome + "\n" + client + "\n" + server);
        }
        return this;
    }

    /** To its end, which is judged. */
    Outcome run() {
        pump();
        int ofHandshake = forth.length();
        int answered = back.length();
        boolean done = isWell(client) && isWell(server);
        if (done) {
            client.send(SECRET.clone());
            server.send(SECRET.clone());
            pump();
        }
        byte[] here = client.takeReceived();
        byte[] there = server.takeReceived();
        check(client, here);
        check(server, there);
        boolean wentOn = done && here.length == SECRET.length && there.length == SECRET.length;
        if (wentOn && !(forth.isHarmless() && back.isHarmless())) {
            throw new AssertionError("nobody has noticed it, in " + ofHandshake + " and " + answered + " bytes");
        }
        boolean failed = isFailed(client) || isFailed(server);
        whatIsInTheClearIsNotTaken(client);
        whatIsInTheClearIsNotTaken(server);
        return wentOn ? Outcome.WENT_ON : failed ? Outcome.FAILED : Outcome.WAITED;
    }

    private static boolean isWell(End end) {
        return end.engine().handshakeDone() && !isFailed(end);
    }

    private static boolean isFailed(End end) {
        return end.failure() != null;
    }

    private static void check(End end, byte[] received) {
        if (!Arrays.equals(received, 0, received.length, SECRET, 0, Math.min(received.length, SECRET.length))) {
            throw new AssertionError("plaintext that nobody has sent: " + Arrays.toString(received) + ", " + end);
        }
        TlsException failure = end.failure();
        if (failure == null) {
            return;
        }
        if (!BLAMES_THE_PEER.contains(failure.reason())) {
            throw new AssertionError("not a failure that a peer's bytes should lead to, " + end, failure);
        }
        ByteBuffer out = ByteBuffer.allocate(1 << 17);
        expectClosed(end, end.engine()::flush, out);
        expectClosed(end, to -> end.engine().send(ByteBuffer.wrap(SECRET), to), out);
        expectClosed(end, to -> end.engine().receive(ByteBuffer.wrap(IN_THE_CLEAR.clone()), to), out);
        if (out.position() > 0) {
            throw new AssertionError("bytes behind the end, " + end);
        }
    }

    private interface Call {
        Step into(ByteBuffer out) throws TlsException;
    }

    private static void expectClosed(End end, Call call, ByteBuffer out) {
        try {
            Step step = call.into(out);
            if (step != Step.CLOSED) {
                throw new AssertionError(step + " behind a failure, " + end);
            }
        } catch (TlsException e) {
            throw new AssertionError("fails twice, " + end, e);
        }
    }

    private static void whatIsInTheClearIsNotTaken(End end) {
        end.inject(IN_THE_CLEAR);
        end.work();
        if (end.takeReceived().length > 0) {
            throw new AssertionError("took for plaintext what was not encrypted, " + end);
        }
    }

    /** How many bytes the client has said so far. */
    int saidByClient() {
        return forth.length();
    }

    /** How many bytes the server has. */
    int saidByServer() {
        return back.length();
    }

    @Override
    public void close() {
        client.engine().close();
        server.engine().close();
        client.engine().close();
    }
}
