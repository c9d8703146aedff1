package io.github.ioqueue.tests.tls.mutation;

/**
 * What is done to one direction of a connection.
 *
 * @param byClient whether it is what the client says
 * @param at the offset in the bytes of that direction
 * @param mask the bits that are turned over there; 0: nothing comes from there on
 */
record Change(boolean byClient, int at, int mask) {

    /** All goes as it is. */
    static final Change NONE = new Change(true, -1, 0);

    @Override
    public String toString() {
        return (byClient ? "client" : "server") + "'s byte " + at
                + (mask == 0 ? " and all behind it missing" : String.format(" changed by %02x", mask));
    }
}
