package io.github.ioqueue.examples;

import io.github.ioqueue.IoQueueConfig;
import io.github.ioqueue.IoQueueGroup;
import io.github.ioqueue.spi.IoBackend;
import io.github.ioqueue.testkit.FailingWaits;

/** {@code ioq} with a program {@code dying}: {@code echo}, whose loops die when it listens. */
final class DyingEcho extends EchoCommand {

    private final FailingWaits waits = new FailingWaits();

    private DyingEcho() {}

    public static void main(String[] args) {
        System.exit(Main.commandLine().addSubcommand("dying", new DyingEcho()).execute(args));
    }

    @Override
    IoQueueConfig.Builder config() {
        return super.config().backend(waits.before(IoBackend.system()));
    }

    @Override
    void opened(IoQueueGroup group) {
        waits.fail(group.queues().get(0), new OutOfMemoryError("by a test"));
    }
}
