package io.github.ioqueue.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each JUnit test a {@link CompletionLedger} of its own, to whatever constructor or method asks for one as a parameter, and
 * verifies it when the test and its {@code @AfterEach} methods are done: these must have closed the queues.
 */
public final class LedgerExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(LedgerExtension.class);

    /** Creates the extension; JUnit does. */
    public LedgerExtension() {}

    /** A ledger handed to a constructor is that of the test, too. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ledger(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            ledger(context).verify();
        } catch (AssertionError e) {
            // A test that failed has its own story to tell first.
            context.getExecutionException().ifPresentOrElse(failure -> failure.addSuppressed(e), () -> {
                throw e;
            });
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == CompletionLedger.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return ledger(context);
    }

    private static CompletionLedger ledger(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(CompletionLedger.class, type -> new CompletionLedger(), CompletionLedger.class);
    }
}
