package io.github.ioqueue.examples;

import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.activesock.Connector;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code ioq connect}: standard input and output to a connection. */
@Command(
        name = "connect",
        description =
                "Sends standard input to a connection and writes what comes back to standard output. At the end of"
                        + " the input it half-closes and reads to the end. When the peer ends first, it goes on sending while there"
                        + " is input.")
final class ConnectCommand implements Callable<Integer> {

    @Mixin
    private Transport transport = new Transport();

    @Parameters(paramLabel = "HOST:PORT", converter = TargetConverter.class, description = "Where to connect to.")
    private Target target = new Target("", 0);

    ConnectCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Relay relay = new Relay();
        Connector connector = Connector.to(target.host(), target.port()).config(Relay.CONFIG);
        transport.options(connector::option);
        try (IoQueueGroup group = IoQueueGroup.open(1, transport.config().build())) {
            connector.open(group.next(), relay);
            String failure = relay.awaitEnd();
            if (!failure.isEmpty()) {
                throw new IOException(target + ": " + failure);
            }
        }
        return 0;
    }

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
