/**
 * TLS by Conscrypt: fast, native, and with a library that has to fit the machine.
 *
 * <p>It needs Linux with glibc, macOS or Windows, and a folder for temporary files that programs may be run from. Each
 * connection costs two descriptors beside its socket's while it lasts.
 */
@NullMarked
package io.github.ioqueue.ssl.conscrypt;

import org.jspecify.annotations.NullMarked;
