package io.github.ioqueue.examples;

import io.github.ioqueue.ssl.tls.TlsBackend;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Finds an installed TLS backend by its name. */
final class TlsBackendConverter implements ITypeConverter<TlsBackend> {

    TlsBackendConverter() {}

    @Override
    public TlsBackend convert(String name) {
        try {
            return TlsBackend.named(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
