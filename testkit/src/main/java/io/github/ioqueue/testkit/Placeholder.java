package io.github.ioqueue.testkit;

/** Stands here until the first type comes; delete it then. */
public interface Placeholder {}
