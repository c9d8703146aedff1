package io.github.ioqueue.ssl.jsse;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** What later JDKs have than the one that this is compiled for: there is a handle, or there is not. */
final class NewerJdk {

    /** Since 19. */
    private static final @Nullable MethodHandle SET_SCHEMES =
            find(SSLParameters.class, "setSignatureSchemes", MethodType.methodType(void.class, String[].class));

    /** Since 20. */
    private static final @Nullable MethodHandle SET_GROUPS =
            find(SSLParameters.class, "setNamedGroups", MethodType.methodType(void.class, String[].class));

    private static final @Nullable MethodHandle GET_GROUPS =
            find(SSLParameters.class, "getNamedGroups", MethodType.methodType(String[].class));

    /** Since 25. */
    private static final @Nullable MethodHandle EXPORT = find(
            ExtendedSSLSession.class,
            "exportKeyingMaterialData",
            MethodType.methodType(byte[].class, String.class, byte[].class, int.class));

    private NewerJdk() {}

    private static @Nullable MethodHandle find(Class<?> owner, String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(owner, name, type);
        } catch (NoSuchMethodException | IllegalAccessException older) {
            return null;
        }
    }

    static boolean choosesSignatures() {
        return SET_SCHEMES != null;
    }

    static boolean choosesGroups() {
        return SET_GROUPS != null;
    }

    static boolean exports() {
        return EXPORT != null;
    }

    static void signatureSchemes(SSLParameters parameters, String[] schemes) {
        call(SET_SCHEMES, parameters, schemes);
    }

    static void groups(SSLParameters parameters, String[] groups) {
        call(SET_GROUPS, parameters, groups);
    }

    /** The groups that are offered; null where that is not told. */
    static String @Nullable [] groups(SSLParameters parameters) {
        return GET_GROUPS == null ? null : (String[]) call(GET_GROUPS, parameters);
    }

    static byte[] export(ExtendedSSLSession session, String label, byte @Nullable [] context, int length)
            throws SSLException {
        byte[] material = (byte[]) call(EXPORT, session, label, context, length);
        if (material == null) {
            throw new SSLException("no keying material can be exported from this session");
        }
        return material;
    }

    private static @Nullable Object call(@Nullable MethodHandle method, @Nullable Object... arguments) {
        if (method == null) {
            throw new UnsupportedOperationException("not on JDK " + Runtime.version());
        }
        try {
            return method.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
