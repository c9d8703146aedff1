package io.github.ioqueue.testkit;

import io.github.ioqueue.ResetException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The answers a {@link ScriptedPort} will give to the calls of one direction, in order, one each. Methods return the
 * script, so that it reads as one line: {@code port.input().give("ab").wouldBlock().end()}. Any thread.
 *
 * <p><b>The model of readiness.</b> A port is ready for a direction exactly while its script has an answer left.
 * {@link #wouldBlock()} is an answer, too: such a port is reported ready and then has nothing, as kernels may do. When
 * the script is empty, calls would block and the port is not ready. So the same script serves whether a call is first
 * made in {@code submit} or after the wait.
 */
public final class Script {

    /** One answer; {@code give} and {@code take} may be used up by more than one call if the buffer is smaller. */
    static final class Answer {
        final Verb verb;

        @Nullable ByteBuffer bytes;

        @Nullable SocketAddress address;

        @Nullable ScriptedStreamPort accepted;

        @Nullable IOException failure;

        int most;
        boolean forever;

        Answer(Verb verb) {
            this.verb = verb;
        }
    }

    enum Verb {
        GIVE,
        END,
        TAKE,
        DONE,
        ACCEPT,
        DATAGRAM,
        WOULD_BLOCK,
        ZERO,
        FAIL
    }

    private final Runnable changed;
    private final ArrayDeque<Answer> answers = new ArrayDeque<>();

    Script(Runnable changed) {
        this.changed = changed;
    }

    // ---- what the port answers

    /** A read finds these bytes; what the reader has no room for is found by the next call. */
    public Script give(byte[] bytes) {
        Answer answer = new Answer(Verb.GIVE);
        answer.bytes = ByteBuffer.wrap(bytes.clone());
        return add(answer);
    }

    /** A read finds these characters in UTF-8. */
    public Script give(String text) {
        return give(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A read finds the end of the stream, and so does every later one. */
    public Script end() {
        return add(new Answer(Verb.END)).forever();
    }

    /** A write takes so many bytes at most: a short write if there were more. */
    public Script take(int most) {
        Answer answer = new Answer(Verb.TAKE);
        answer.most = most;
        return add(answer);
    }

    /** A write or a send takes all there is. */
    public Script takeAll() {
        return take(Integer.MAX_VALUE);
    }

    /** A connect succeeds. */
    public Script done() {
        return add(new Answer(Verb.DONE));
    }

    /** An accept finds this connection. */
    public Script accept(ScriptedStreamPort connection) {
        Answer answer = new Answer(Verb.ACCEPT);
        answer.accepted = connection;
        return add(answer);
    }

    /** A receive finds this datagram. */
    public Script datagram(SocketAddress sender, byte[] bytes) {
        Answer answer = new Answer(Verb.DATAGRAM);
        answer.address = sender;
        answer.bytes = ByteBuffer.wrap(bytes.clone());
        return add(answer);
    }

    /** A call would block, although the port was reported ready. */
    public Script wouldBlock() {
        return add(new Answer(Verb.WOULD_BLOCK));
    }

    /** A call moves nothing and says so by 0, which the seam does not allow for streams. */
    public Script zero() {
        return add(new Answer(Verb.ZERO));
    }

    /** A call fails. */
    public Script fail(IOException failure) {
        Answer answer = new Answer(Verb.FAIL);
        answer.failure = failure;
        return add(answer);
    }

    /** A call finds the connection torn down by the peer. */
    public Script reset() {
        return fail(new ResetException(new SocketException("Connection reset")));
    }

    /** The last answer is given so many times in all. */
    public Script times(int n) {
        synchronized (this) {
            for (int i = 1; i < n; i++) {
                Answer copy = new Answer(answers.getLast().verb);
                copy.bytes = answers.getLast().bytes == null
                        ? null
                        : answers.getLast().bytes.duplicate();
                copy.address = answers.getLast().address;
                copy.failure = answers.getLast().failure;
                copy.most = answers.getLast().most;
                answers.add(copy);
            }
        }
        return this;
    }

    /** The last answer is given again and again, until {@link #clear}. */
    public Script forever() {
        synchronized (this) {
            answers.getLast().forever = true;
        }
        return this;
    }

    /** Takes all answers back: from now on calls would block. */
    public synchronized Script clear() {
        answers.clear();
        return this;
    }

    /** Whether no answer is left, and the port is not ready. */
    public synchronized boolean isEmpty() {
        return answers.isEmpty();
    }

    private Script add(Answer answer) {
        synchronized (this) {
            answers.add(answer);
        }
        changed.run();
        return this;
    }

    // ---- the port asks

    private static final Answer NOTHING = new Answer(Verb.WOULD_BLOCK);

    /** The next answer, to be one of these; it stays until {@link #used}. Failures are thrown here. */
    synchronized Answer next(Verb... fitting) throws IOException {
        Answer answer = answers.peek();
        if (answer == null) {
            return NOTHING;
        }
        if (answer.verb == Verb.FAIL && answer.failure != null) {
            used(answer);
            throw answer.failure;
        }
        if (answer.verb == Verb.WOULD_BLOCK || answer.verb == Verb.ZERO) {
            used(answer);
            return answer;
        }
        for (Verb verb : fitting) {
            if (answer.verb == verb) {
                return answer;
            }
        }
        throw new AssertionError("the script has " + answer.verb + " where the call wants " + fitting[0]);
    }

    synchronized void used(Answer answer) {
        if (!answer.forever && answers.peek() == answer) {
            answers.remove();
        }
    }
}
