package io.portcullis.ruleset;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * LtHash over records: Bellare and Micciancio's set hash with 1,024 lanes of 16 bits. Adding or
 * removing a record costs the same at any size, and the order of records never matters. SHA-256
 * over the record's length-prefixed key and value, then AES-256 in counter mode, expand it.
 */
public final class Digest {
  private static final int LANES = 1024;
  public static final Digest EMPTY = new Digest(new short[LANES]);

  private static final ThreadLocal<Expansion> EXPANSION = ThreadLocal.withInitial(Expansion::new);

  private final short[] lanes;

  private Digest(short[] lanes) {
    this.lanes = lanes;
  }

  /** Returns the digest with one record added. */
  public Digest plus(String key, String value) {
    var sum = lanes.clone();
    EXPANSION.get().add(key, value, sum);
    return new Digest(sum);
  }

  /** Returns the digest with all records of the others added. */
  Digest plus(Collection<Digest> others) {
    var sum = lanes.clone();
    for (var other : others) {
      for (var i = 0; i < LANES; i++) {
        sum[i] += other.lanes[i];
      }
    }
    return new Digest(sum);
  }

  /**
   * Returns the digest over records.
   *
   * @param records passes each record once
   */
  static Digest of(Consumer<Consumer<NodeRecord>> records) {
    var sum = new short[LANES];
    var expansion = EXPANSION.get();
    records.accept(item -> expansion.add(item.key(), item.canonical(), sum));
    return new Digest(sum);
  }

  /** Returns the digest without some records, which must be in it, and with others. */
  Digest changed(Collection<NodeRecord> gone, Collection<NodeRecord> added) {
    var sum = lanes.clone();
    var taken = of(gone::forEach).lanes;
    var given = of(added::forEach).lanes;
    for (var i = 0; i < LANES; i++) {
      sum[i] = (short) (sum[i] + given[i] - taken[i]);
    }
    return new Digest(sum);
  }

  /** Returns the digest without the records of one that is in it, and with those of another. */
  Digest changed(Digest gone, Digest come) {
    var sum = lanes.clone();
    for (var i = 0; i < LANES; i++) {
      sum[i] = (short) (sum[i] + come.lanes[i] - gone.lanes[i]);
    }
    return new Digest(sum);
  }

  /** Returns the SHA-256 of the lanes in hex, as markers and answers name the digest. */
  public String hex() {
    var bytes = ByteBuffer.allocate(LANES * 2);
    bytes.asShortBuffer().put(lanes);
    return HexFormat.of().formatHex(ContentHash.sha256(bytes.array()));
  }

  /** A thread's cipher and buffers: asking for a cipher costs as much as using it. */
  private static final class Expansion {
    private static final IvParameterSpec FROM_ZERO = new IvParameterSpec(new byte[16]);

    private final Cipher cipher;
    private final MessageDigest sha256 = ContentHash.sha256();
    private final byte[] zeros = new byte[LANES * 2];
    private final byte[] expanded = new byte[LANES * 2];
    private final short[] added = new short[LANES];
    private final ShortBuffer asLanes = ByteBuffer.wrap(expanded).asShortBuffer();

    Expansion() {
      try {
        cipher = Cipher.getInstance("AES/CTR/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java has no AES in counter mode", e);
      }
    }

    void add(String key, String value, short[] sum) {
      var k = key.getBytes(StandardCharsets.UTF_8);
      var v = value.getBytes(StandardCharsets.UTF_8);
      var framed = ByteBuffer.allocate(8 + k.length + v.length);
      framed.putInt(k.length).put(k).putInt(v.length).put(v);
      try {
        cipher.init(
            Cipher.ENCRYPT_MODE,
            new SecretKeySpec(sha256.digest(framed.array()), "AES"),
            FROM_ZERO);
        cipher.doFinal(zeros, 0, zeros.length, expanded, 0);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES in counter mode does not work", e);
      }
      asLanes.get(0, added); // at once: lane by lane takes ten times as long as the cipher
      for (var i = 0; i < LANES; i++) {
        sum[i] += added[i];
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && Arrays.equals(lanes, that.lanes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(lanes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
