package io.github.ioqueue.testkit.ssl;

/**
 * What a TLS backend promises, one test for each thing, on engines alone: no socket, no thread but for tasks. Extend it in
 * the tests of a backend:
 *
 * <pre>{@code
 * class MyBackendTest extends TlsBackendContract {
 *     @Override
 *     protected TlsBackend backend() {
 *         return new MyBackend();
 *     }
 * }
 * }</pre>
 *
 * What differs between backends is told by {@link io.github.ioqueue.ssl.tls.TlsCapability}: a case about one of them shows
 * that it is there, or else that it is refused. Each case has a {@link Promise}; {@link ContractReport} writes down what
 * came of it.
 *
 * <pre>
 *   handshake  names  trust                 who it is
 *   plaintext  buffers                      what goes through
 *   application protocols  algorithms  sessions  rekey      what is agreed on, and what is remembered
 *   tasks  failures  alerts  closing        who works, what goes wrong, and how it ends
 * </pre>
 */
public abstract class TlsBackendContract extends ClosingContract {

    /** For those who extend it. */
    protected TlsBackendContract() {}
}
