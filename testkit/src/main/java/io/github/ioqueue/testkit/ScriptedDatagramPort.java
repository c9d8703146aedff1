package io.github.ioqueue.testkit;

import io.github.ioqueue.IoSocket;
import io.github.ioqueue.spi.DatagramPort;
import io.github.ioqueue.spi.Demultiplexer;
import io.github.ioqueue.testkit.Script.Answer;
import io.github.ioqueue.testkit.Script.Verb;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A scripted datagram socket. {@link #input} scripts what receives find, {@link #output} what sends meet. */
public final class ScriptedDatagramPort extends ScriptedPort implements DatagramPort {

    private final Script input = new Script(this::changed);
    private final Script output = new Script(this::changed);
    private final List<byte[]> sent = new ArrayList<>();
    private final List<SocketAddress> receivers = new ArrayList<>();

    /** Creates a socket to which nothing was sent yet. */
    public ScriptedDatagramPort() {}

    // ---- for the test

    /** This port as a socket to register. */
    public IoSocket socket() {
        try {
            return IoSocket.openDatagram(new OnePortBackend(this), StandardProtocolFamily.INET);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What receives find: {@link Script#datagram}. */
    public Script input() {
        return input;
    }

    /** What sends meet: {@link Script#takeAll}. */
    public Script output() {
        return output;
    }

    /** The datagrams sent so far. */
    public synchronized List<byte[]> sent() {
        return List.copyOf(sent);
    }

    /** To whom each of them was sent. */
    public synchronized List<SocketAddress> receivers() {
        return List.copyOf(receivers);
    }

    @Override
    int scriptedBits() {
        return (input.isEmpty() ? 0 : Demultiplexer.READ) | (output.isEmpty() ? 0 : Demultiplexer.WRITE);
    }

    // ---- the seam

    @Override
    public synchronized void bind(SocketAddress address) {
        called("bind");
        local = address;
    }

    @Override
    public synchronized int receive(ByteBuffer dst, Consumer<? super SocketAddress> sender) throws IOException {
        called("receive " + dst.remaining());
        Answer answer = input.next(Verb.DATAGRAM);
        if (answer.bytes == null || answer.address == null) {
            return WOULD_BLOCK;
        }
        ByteBuffer bytes = answer.bytes.duplicate();
        int size = bytes.remaining();
        dst.put(bytes.limit(Math.min(size, dst.remaining())));
        sender.accept(answer.address);
        input.used(answer);
        return size;
    }

    @Override
    public synchronized int send(ByteBuffer src, SocketAddress remote) throws IOException {
        called("send " + src.remaining());
        Answer answer = output.next(Verb.TAKE);
        if (answer.verb != Verb.TAKE) {
            return WOULD_BLOCK;
        }
        byte[] bytes = new byte[src.remaining()];
        src.get(bytes);
        sent.add(bytes);
        receivers.add(remote);
        output.used(answer);
        return bytes.length;
    }
}
