package io.github.ioqueue.testkit.ssl;

import io.github.ioqueue.ssl.tls.TlsCapability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a case of a contract shows; several cases may show one promise. {@link ContractReport} lists them. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Promise {

    /** The promise, as a sentence. */
    String value();

    /**
     * What a backend has to be capable of to keep it. Of a backend that is not, the case shows that what is asked for is
     * refused.
     */
    TlsCapability[] where() default {};
}
