/** Active sockets: reading kept going, writes finished, back-pressure, deadlines, orderly close. */
module io.github.ioqueue.activesock {
    requires transitive io.github.ioqueue;
    requires static org.jspecify;

    exports io.github.ioqueue.activesock;
    exports io.github.ioqueue.activesock.framing;
}
