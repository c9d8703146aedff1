package io.github.ioqueue;

import java.io.IOException;

/**
 * The life of a {@link WriteOp} that no key carries out but a layer on top of one, such as TLS. For those who write such
 * a layer; R2 and R6 are theirs to keep then.
 *
 * <pre>
 *   IDLE ---- begin ----> PENDING ---- took, fail ----> PENDING ---- end ----> IDLE: tell its owner
 * </pre>
 */
public final class LayeredWrite {

    private LayeredWrite() {}

    /**
     * The op belongs to the layer from here on. Any thread; of two the second throws.
     *
     * @throws IllegalStateException R6: if the op is pending
     */
    public static void begin(WriteOp op) {
        op.begin();
    }

    /** Books bytes of the op as gone: see {@link WriteOp#count}. */
    public static void took(WriteOp op, int bytes) {
        op.took(bytes);
    }

    /** Books a failure; to be called while the op is pending. */
    public static void fail(WriteOp op, IOException cause) {
        op.fail(cause);
    }

    /** The op is its owner's again: to be called before the owner is told. */
    public static void end(WriteOp op) {
        op.end();
    }
}
