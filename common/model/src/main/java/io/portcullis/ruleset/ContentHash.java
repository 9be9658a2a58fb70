package io.portcullis.ruleset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** 128-bit hashes that name sets and chains: text from outside never becomes a name in nft. */
final class ContentHash {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{32}");

  private ContentHash() {}

  /** Returns the first 128 bits of the content's SHA-256, in hex. */
  static String of(String content) {
    return HexFormat.of().formatHex(sha256(content.getBytes(StandardCharsets.UTF_8)), 0, 16);
  }

  static byte[] sha256(byte[] content) {
    return sha256().digest(content);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  static void check(String hash) {
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException("not a 128-bit hash in hex: " + hash);
    }
  }
}
