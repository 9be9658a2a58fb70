package io.portcullis.net;

import java.util.OptionalLong;

/**
 * IPv4 addresses as four decimal numbers, read and written without the address library: a version
 * may have a hundred thousand of them.
 */
final class DottedQuad {
  private static final int LONGEST = "255.255.255.255".length();

  private DottedQuad() {}

  /** Reads what {@link #text} writes; absent for any other text. */
  static OptionalLong parse(String text) {
    if (text == null || text.length() > LONGEST) {
      return OptionalLong.empty();
    }
    var bits = 0L;
    var at = 0;
    for (var part = 0; part < 4; part++) {
      var number = 0;
      var begin = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        number = number * 10 + text.charAt(at++) - '0';
      }
      var digits = at - begin;
      if (digits == 0 || number > 255 || digits > 1 && text.charAt(begin) == '0') {
        return OptionalLong.empty();
      }
      bits = bits << 8 | number;
      if (part < 3 && (at == text.length() || text.charAt(at++) != '.')) {
        return OptionalLong.empty();
      }
    }
    return at == text.length() ? OptionalLong.of(bits) : OptionalLong.empty();
  }

  static String text(int bits) {
    return (bits >>> 24) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255);
  }
}
