package io.github.ioqueue.activesock;

/** Stands here until the first type comes; delete it then. */
public interface Placeholder {}
