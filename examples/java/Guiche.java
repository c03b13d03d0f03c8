import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;

/**
 * guiche in Java, by JNA. Copy this file.
 *
 * <pre>{@code
 * try (Guiche guiche = new Guiche("guiche")) {
 *   String answer = guiche.call("open",
 *       "{\"place\":\"Sinop\",\"at\":\"2026-01-07T12:00:00-04:00\"}");
 * }
 * }</pre>
 *
 * Any number of threads may ask one object; close it when none does any more.
 */
public final class Guiche implements AutoCloseable {
  /** A size_t is a long on 64-bit machines. */
  private interface C extends Library {
    void guiche_buffer_free(Buffer buffer);

    int guiche_engine_create(byte[] policy, long policySize, int format, byte[] digest,
        long digestSize, byte[] knownAt, long knownAtSize, PointerByReference engine, Buffer out);

    void guiche_engine_free(Pointer engine);

    int guiche_call(Pointer engine, byte[] method, long methodSize, int format, byte[] request,
        long requestSize, Buffer out);
  }

  /** Public for JNA. */
  @Structure.FieldOrder({"data", "size"})
  public static final class Buffer extends Structure {
    public Pointer data;
    public long size;
  }

  /** The error as JSON, with field, value and remedy; the code is gRPC's. */
  public static final class GuicheException extends IllegalArgumentException {
    public final int code;

    GuicheException(int code, String json) {
      super(json);
      this.code = code;
    }
  }

  private static final int JSON = 0;
  private static final int TEXT = 2;

  private final C c;
  private volatile Pointer engine;

  /** The embedded policy, that of DPE/MT, with all acts. */
  public Guiche(String library) {
    this(library, "", "", "");
  }

  /**
   * Compiles a policy.
   *
   * @param library the library's name, or its path
   * @param policy as textproto; empty: the embedded one
   * @param digest the digest it must have; empty: any
   * @param knownAt RFC 3339: only acts published by then count; empty: all
   * @throws GuicheException if the policy does not compile
   */
  public Guiche(String library, String policy, String digest, String knownAt) {
    c = Native.load(library, C.class);
    byte[] policyBytes = utf8(policy);
    byte[] digestBytes = utf8(digest);
    byte[] knownAtBytes = utf8(knownAt);
    PointerByReference created = new PointerByReference();
    Buffer out = new Buffer();
    take(c.guiche_engine_create(policyBytes, policyBytes.length, TEXT, digestBytes,
        digestBytes.length, knownAtBytes, knownAtBytes.length, created, out), out);
    engine = created.getValue();
  }

  /**
   * Puts a question by the name of its method.
   *
   * @return the answer as JSON
   * @throws GuicheException if it cannot be answered as it was put
   */
  public String call(String method, String request) {
    return new String(call(method, utf8(request)), StandardCharsets.UTF_8);
  }

  /** The same, by the bytes of UTF-8. */
  public byte[] call(String method, byte[] request) {
    byte[] methodBytes = utf8(method);
    Buffer out = new Buffer();
    return take(c.guiche_call(engine, methodBytes, methodBytes.length, JSON, request,
        request.length, out), out);
  }

  /** Frees the policy. A question put after it is an error, closing once more is nothing. */
  @Override
  public void close() {
    c.guiche_engine_free(engine);
    engine = null;
  }

  /** The answer in {@code out}, whose memory it frees, or the error. */
  private byte[] take(int code, Buffer out) {
    byte[] json = out.size == 0 ? new byte[0] : out.data.getByteArray(0, (int) out.size);
    c.guiche_buffer_free(out);
    if (code != 0) throw new GuicheException(code, new String(json, StandardCharsets.UTF_8));
    return json;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
