/**
 * Instruments for tests of TLS backends and of what stands on ioqueue's TLS.
 *
 * <pre>
 *   TlsBackendContract   one test per promise of a backend     extend it with your backend
 *   ContractReport       what was kept, as a page              beside each run of the contract
 *   EnginePipe           two engines and the bytes between     no socket
 *   MemoryStream         two stream sockets on one queue       no network
 *   ScriptedEngine       an engine without crypto              every answer on demand
 *   TestAuthority        certificates, good and bad
 *   hostile              engines and peers that do anything
 * </pre>
 *
 * <p>Read next: {@link io.github.ioqueue.testkit.ssl.TlsBackendContract}.
 */
@NullMarked
package io.github.ioqueue.testkit.ssl;

import org.jspecify.annotations.NullMarked;
