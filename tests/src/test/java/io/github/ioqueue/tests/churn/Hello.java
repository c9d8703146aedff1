package io.github.ioqueue.tests.churn;

import io.github.ioqueue.ssl.tls.TlsBackend;
import io.github.ioqueue.ssl.tls.TlsConfig;
import io.github.ioqueue.ssl.tls.TlsException;
import io.github.ioqueue.testkit.ssl.EnginePipe;
import java.nio.ByteBuffer;

/** The first record of a client, as an engine made it. */
final class Hello {

    private static final byte[] BYTES = record();

    private Hello() {}

    private static byte[] record() {
        try {
            var client = TlsBackend.named(TlsBackend.JDK)
                    .context(TlsConfig.builder().insecureTrustAnyone().build())
                    .client("localhost", 1);
            try (EnginePipe pipe = new EnginePipe(client, client)) {
                pipe.client().work();
                byte[] hello = new byte[pipe.client().wire().remaining()];
                pipe.client().wire().get(hello);
                return hello;
            }
        } catch (TlsException e) {
            throw new IllegalStateException(e);
        }
    }

    static ByteBuffer bytes() {
        return ByteBuffer.wrap(BYTES);
    }
}
