package io.github.ioqueue.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.activesock.CloseReason;
import io.github.ioqueue.activesock.Connector;
import io.github.ioqueue.activesock.StreamHandler;
import io.github.ioqueue.activesock.StreamLayer;
import io.github.ioqueue.activesock.StreamSocket;
import io.github.ioqueue.ssl.tls.TlsConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A queue that is closed while a name is resolved: the handler above TLS has its onClosed, too. */
class ResolvingAtTheEndTest {

    @ParameterizedTest
    @MethodSource("io.github.ioqueue.tests.tls.TlsRig#noneAndBackends")
    void theHandlerAboveTlsHasItsOnClosed(String tls) throws Exception {
        StreamLayer layer = tls.equals("none")
                ? StreamLayer.NONE
                : TlsRig.layer(tls, TlsConfig.builder().build());
        List<String> heard = new ArrayList<>();
        int[] questions = {0};
        try (PolledQueue rig = new PolledQueue(IoQueueConfig.builder())) {
            Connector.to("slow.test", 443)
                    .through(layer)
                    .resolver((host, queue, answer) -> questions[0]++)
                    .open(rig.queue, noting(heard));
            rig.until("it is being resolved", () -> questions[0] == 1);
            rig.queue.close();
        }
        assertThat(heard).containsExactly("onClosed LOCAL");
    }

    private static StreamHandler noting(List<String> heard) {
        return new StreamHandler() {
            @Override
            public void onOpen(StreamSocket socket) {
                heard.add("onOpen");
            }

            @Override
            public void onData(StreamSocket socket, ByteBuffer in) {
                heard.add("onData");
            }

            @Override
            public void onClosed(StreamSocket socket, CloseReason why) {
                heard.add("onClosed " + why.kind());
            }
        };
    }
}
