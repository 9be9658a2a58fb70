package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Writes values in messages: in quotes, and cut off if they are long. */
final class Quoted {
  private static final int MAX_LENGTH = 120;

  private Quoted() {}

  static String text(String text) {
    return value(JsonNodeFactory.instance.textNode(text));
  }

  static String value(JsonNode value) {
    var written = value.isMissingNode() ? "null" : value.toString();
    if (written.length() <= MAX_LENGTH) {
      return written;
    }
    var end = MAX_LENGTH - (Character.isHighSurrogate(written.charAt(MAX_LENGTH - 1)) ? 1 : 0);
    return written.substring(0, end) + "…";
  }
}
