package io.portcullis.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.validation.RepeatedKey;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads values of JSON. A key that repeats is noted, and has {@link RepeatedKey#VALUE} in its
 * object.
 */
final class JsonValues {
  private final JsonParser parser;
  private Optional<Repeated> repeated = Optional.empty();

  /** The first key that repeats. */
  record Repeated(JsonLocation place, String key) {}

  JsonValues(JsonParser parser) {
    this.parser = parser;
  }

  /** Returns the next value; empty at the end of the text. */
  Optional<JsonNode> next() throws IOException {
    return parser.nextToken() == null ? Optional.empty() : Optional.of(value());
  }

  /** Returns the first key that repeats in the values so far. */
  Optional<Repeated> repeated() {
    return repeated;
  }

  private JsonNode value() throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      default -> parser.readValueAsTree();
    };
  }

  private ArrayNode array() throws IOException {
    var array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value());
    }
    return array;
  }

  private ObjectNode object() throws IOException {
    var object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var key = parser.currentName();
      var place = parser.currentTokenLocation();
      parser.nextToken();
      var value = value();
      if (object.has(key)) {
        repeated = repeated.or(() -> Optional.of(new Repeated(place, key)));
        object.set(key, RepeatedKey.VALUE);
      } else {
        object.set(key, value);
      }
    }
    return object;
  }
}
