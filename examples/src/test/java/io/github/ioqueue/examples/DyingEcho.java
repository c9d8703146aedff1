package io.github.ioqueue.examples;

import io.github.ioqueue.IoQueueGroup;

/** {@code ioq} with a program {@code dying}: {@code echo}, whose loops die when it listens. */
final class DyingEcho extends EchoCommand {

    private DyingEcho() {}

    public static void main(String[] args) {
        System.exit(Main.commandLine().addSubcommand("dying", new DyingEcho()).execute(args));
    }

    @Override
    void opened(IoQueueGroup group) {
        group.queues()
                .forEach(queue -> queue.execute(() -> {
                    throw new OutOfMemoryError("by a test");
                }));
    }
}
