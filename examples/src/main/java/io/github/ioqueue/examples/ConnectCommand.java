package io.github.ioqueue.examples;

import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.Connector;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ioq connect}: standard input and output to a connection. */
@Command(
        name = "connect",
        description =
                "Sends standard input to a connection and writes what comes back to standard output. At the end of"
                        + " the input it half-closes and reads to the end; with --expect, --linger or --tls it keeps its"
                        + " side open until the rest has come. When the peer ends first, it goes on sending while there is"
                        + " input. A signal resets the connection: the peer must not take a part of the input for all.",
        exitCodeList = {"0:success", "1:failure", "2:wrong arguments", "4:fewer bytes came than expected"},
        exitCodeListHeading = "Exit codes:%n")
final class ConnectCommand implements Callable<Integer> {

    private static final int TOO_FEW = 4;
    private static final int DEFAULT_LINGER = 5;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private Transport transport = new Transport();

    @Mixin
    private ClientTls tls = new ClientTls();

    @Option(
            names = "--expect",
            paramLabel = "BYTES",
            description =
                    "At the end of the input wait for so many bytes to have come back; exit code 4 if fewer came.")
    private @Nullable Long expect;

    @Option(
            names = "--linger",
            paramLabel = "SECONDS",
            description =
                    "At the end of the input wait until so long nothing has come; default 5 with --expect or --tls.")
    private @Nullable Integer linger;

    @Parameters(paramLabel = "HOST:PORT", converter = TargetConverter.class, description = "Where to connect to.")
    private Target target = new Target("", 0);

    ConnectCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((expect != null && expect < 0) || (linger != null && linger < 0)) {
            throw new ParameterException(spec.commandLine(), "--expect and --linger are not negative");
        }
        Relay relay = new Relay(patience());
        Connector connector =
                Connector.to(target.host(), target.port()).config(Relay.CONFIG).through(tls.layer());
        transport.options(connector::option);
        try (IoQueueGroup group = IoQueueGroup.open(1, transport.config().build())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(relay), "shutdown"));
            connector.open(group.next(), relay);
            String failure = relay.awaitEnd();
            if (!failure.isEmpty()) {
                throw new IOException(target + ": " + failure);
            }
        }
        if (expect != null && relay.received() < expect) {
            System.err.println("ioq connect: " + relay.received() + " bytes came back, expected were " + expect);
            return TOO_FEW;
        }
        return 0;
    }

    private static void interrupt(Relay relay) {
        try {
            relay.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** TLS has no half-close that everybody knows: who ends the stream may lose what is still on its way back. */
    private @Nullable Patience patience() {
        if (expect == null && linger == null && !tls.isOn()) {
            return null;
        }
        return new Patience(
                expect == null ? Long.MAX_VALUE : expect, Duration.ofSeconds(linger == null ? DEFAULT_LINGER : linger));
    }

    /**
     * How long the peer may take to send the rest.
     *
     * @param bytes when so many have come, that is all
     * @param silence when nothing came for so long, nothing more will
     */
    record Patience(long bytes, Duration silence) {}

    private record Target(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    static final class TargetConverter implements ITypeConverter<Target> {
        @Override
        public Target convert(String text) {
            int colon = text.lastIndexOf(':');
            String host = text.substring(0, Math.max(colon, 0));
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (!host.isEmpty() && port > 0 && port <= 0xffff) {
                    return new Target(host, port);
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new TypeConversionException("it is a host and a port from 1 to 65535, not '" + text + "'");
        }
    }
}
