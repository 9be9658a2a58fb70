package io.portcullis.ruleset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * LtHash over records (Bellare and Micciancio's set hash with 1,024 lanes of 16 bits): adding and
 * taking away a record cost the same at any size, and the order never matters. Each record is
 * expanded by SHA-256 over its length-prefixed key and value, then AES-256 in counter mode.
 */
public final class Digest {
  private static final int LANES = 1024;
  public static final Digest EMPTY = new Digest(new short[LANES]);

  private final short[] lanes;

  private Digest(short[] lanes) {
    this.lanes = lanes;
  }

  /** With one record more. */
  public Digest plus(String key, String value) {
    var sum = lanes.clone();
    var added = expand(key, value);
    for (var i = 0; i < LANES; i++) {
      sum[i] += added[i];
    }
    return new Digest(sum);
  }

  /** With one record less; it must have been added before. */
  public Digest minus(String key, String value) {
    var sum = lanes.clone();
    var taken = expand(key, value);
    for (var i = 0; i < LANES; i++) {
      sum[i] -= taken[i];
    }
    return new Digest(sum);
  }

  /** As markers and answers name it: SHA-256 of the lanes, in hex. */
  public String hex() {
    var bytes = ByteBuffer.allocate(LANES * 2);
    bytes.asShortBuffer().put(lanes);
    return HexFormat.of().formatHex(Ids.sha256(bytes.array()));
  }

  private static short[] expand(String key, String value) {
    var k = key.getBytes(StandardCharsets.UTF_8);
    var v = value.getBytes(StandardCharsets.UTF_8);
    var framed = ByteBuffer.allocate(8 + k.length + v.length);
    framed.putInt(k.length).put(k).putInt(v.length).put(v);
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(Ids.sha256(framed.array()), "AES"),
          new IvParameterSpec(new byte[16]));
      var expanded = new short[LANES];
      ByteBuffer.wrap(cipher.doFinal(new byte[LANES * 2])).asShortBuffer().get(expanded);
      return expanded;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES in counter mode", e);
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
