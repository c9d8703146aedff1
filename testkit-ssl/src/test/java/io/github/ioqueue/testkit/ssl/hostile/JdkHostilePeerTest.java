package io.github.ioqueue.testkit.ssl.hostile;

import io.github.ioqueue.ssl.tls.TlsBackend;

/** The JDK's backend under hostile peers. */
class JdkHostilePeerTest extends HostilePeerContract {

    @Override
    protected TlsBackend backend() {
        return TlsBackend.named(TlsBackend.JDK);
    }
}
