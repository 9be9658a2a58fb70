package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * The value of a key that a mapping has more than once. Nobody can tell which value counts, so this
 * one has no type that a field may have.
 */
public final class RepeatedKey {
  static final String REASON = "the key appears twice";

  /** The value in the place of all values of the key. */
  public static final JsonNode VALUE = JsonNodeFactory.instance.pojoNode(REASON);

  private RepeatedKey() {}

  /** Returns whether a value stands for several. */
  static boolean is(JsonNode value) {
    return value.isPojo();
  }
}
