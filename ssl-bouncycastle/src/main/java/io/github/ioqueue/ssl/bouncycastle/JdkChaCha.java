package io.github.ioqueue.ssl.bouncycastle;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.jspecify.annotations.Nullable;

/** The JDK's ChaCha20-Poly1305 (RFC 8439), one direction of a connection. */
final class JdkChaCha implements TlsAEADCipherImpl {

    private final Cipher cipher;
    private final int mode;
    private @Nullable Key key;

    private JdkChaCha(int mode) throws IOException {
        this.mode = mode;
        try {
            cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IOException("the JDK has no ChaCha20-Poly1305", e);
        }
    }

    static JdkChaCha encrypting() throws IOException {
        return new JdkChaCha(Cipher.ENCRYPT_MODE);
    }

    static JdkChaCha decrypting() throws IOException {
        return new JdkChaCha(Cipher.DECRYPT_MODE);
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(bytes, offset, length, "ChaCha20");
    }

    @Override
    public void init(byte[] nonce, int macSize) throws IOException {
        try {
            cipher.init(mode, key, new IvParameterSpec(nonce));
        } catch (GeneralSecurityException e) {
            throw new IOException("a record's key or nonce is not good", e);
        }
    }

    @Override
    public int getOutputSize(int inputLength) {
        return cipher.getOutputSize(inputLength);
    }

    /** An unchecked exception is what the caller takes for a record that was changed on its way. */
    @Override
    public int doFinal(byte[] additional, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
        try {
            cipher.updateAAD(additional);
            return cipher.doFinal(in, inOffset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
