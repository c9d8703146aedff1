package io.github.ioqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Access to a volatile field by one atomic step, without an object of its own for each field. */
final class Atomics {

    private Atomics() {}

    /** The handle of a field of the class whose lookup this is. */
    static VarHandle field(MethodHandles.Lookup lookup, String name, Class<?> type) {
        try {
            return lookup.findVarHandle(lookup.lookupClass(), name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
