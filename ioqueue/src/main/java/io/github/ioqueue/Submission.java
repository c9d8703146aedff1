package io.github.ioqueue;

/** What {@link IoKey#submit} answers (R1). */
public enum Submission {
    /** Finished: the outcome, success or failure, stands in the op. No callback will come. */
    DONE,
    /** Accepted: exactly one completion will come (R2). Until it starts, op and buffer belong to the library (R6). */
    PENDING
}
