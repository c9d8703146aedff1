package io.github.ioqueue.spi;

/** Stands here until the first type comes; delete it then. */
public interface Placeholder {}
