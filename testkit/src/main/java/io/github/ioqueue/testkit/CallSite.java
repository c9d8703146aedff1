package io.github.ioqueue.testkit;

import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoQueue;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From where a callback is called: below {@link IoQueue#poll} or {@link IoQueue#close}, and not inside a verb of a key.
 * The frames nearest to the callback decide, for a callback may call any verb.
 */
final class CallSite {

    private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
    private static final Set<String> RIGHT = Set.of("poll", "close");
    private static final Set<String> WRONG =
            Set.of("submit", "hold", "release", "cork", "uncork", "cancel", "close", "shutdownOutput", "drain");

    private CallSite() {}

    /** Returns the rule that the present callback breaks by its place on the stack; empty if none. */
    static String misplaced() {
        return WALKER.walk(frames -> frames.map(CallSite::judge)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("R4: a callback outside IoQueue.poll and IoQueue.close"));
    }

    private static @Nullable String judge(StackFrame frame) {
        if (frame.getDeclaringClass() == IoQueue.class && RIGHT.contains(frame.getMethodName())) {
            return "";
        }
        boolean inside = frame.getDeclaringClass() == IoKey.class && WRONG.contains(frame.getMethodName());
        return inside ? "R5: a callback inside IoKey." + frame.getMethodName() : null;
    }
}
