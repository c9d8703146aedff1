package io.github.ioqueue.benchmarks;

import io.github.ioqueue.FastTrack;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One way, from the send of a thread that is not the loop's, into an idle loop's socket, to the peer's read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class ForeignSend {

    /** By whom: with the fast track the sending thread writes, without it and with Netty its loop does. */
    @Param({"ioqueue", "ioqueue-off", "netty"})
    public String library;

    private final byte[] bytes = new byte[64];
    private final ByteBuffer received = ByteBuffer.allocateDirect(bytes.length);
    private Peer peer;
    private Sender sender;

    @Setup
    public void connect() throws Exception {
        peer = new Peer();
        sender = switch (library) {
            case "ioqueue" -> new IoqueueSender(peer.address(), FastTrack.ON);
            case "ioqueue-off" -> new IoqueueSender(peer.address(), FastTrack.OFF);
            default -> new NettySender(peer.address());
        };
        peer.accept();
    }

    @Benchmark
    public void oneWay() throws Exception {
        sender.send(bytes);
        peer.read(received);
    }

    @TearDown
    public void close() throws Exception {
        sender.close();
        peer.close();
    }
}
