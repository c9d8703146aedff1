package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.jsse.JdkBackend;
import java.io.Serial;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's TLS, by a provider whose engines are hostile: any status with any count of bytes, tasks that are null or never
 * end, handshakes that finish twice or never, as their {@link Temper} has it. It shows what the adapter between {@code
 * SSLEngine} and {@link io.github.ioqueue.ssl.tls.TlsEngine} makes of them.
 */
public final class HostileJsseBackend extends JdkBackend {

    private final Temper temper;

    /** All engines are of this temper. */
    public HostileJsseBackend(Temper temper) {
        this.temper = temper;
    }

    @Override
    protected Provider provider() {
        return new HostileProvider(temper);
    }

    private static final class HostileProvider extends Provider {

        @Serial
        private static final long serialVersionUID = 1;

        HostileProvider(Temper temper) {
            super("Hostile", "1", "engines that do anything");
            putService(new Service(this, "SSLContext", "TLS", HostileContext.class.getName(), null, null) {
                @Override
                public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
                    return new HostileContext(SSLContext.getInstance("TLS"), temper);
                }
            });
        }
    }

    private static final class HostileContext extends SSLContextSpi {

        private final SSLContext good;
        private final Temper temper;

        HostileContext(SSLContext good, Temper temper) {
            this.good = good;
            this.temper = temper;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
                throws KeyManagementException {
            good.init(keys, trust, random);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return new HostileSslEngine(good.createSSLEngine(), temper, null, -1);
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return new HostileSslEngine(good.createSSLEngine(host, port), temper, host, port);
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return good.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return good.getServerSocketFactory();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return good.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return good.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return good.getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return good.getSupportedSSLParameters();
        }
    }
}
