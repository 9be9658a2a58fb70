package io.portcullis.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes and reads JSON: of topics and endpoints by one mapper, of authors' files by another. */
public final class Json {
  /**
   * Text by authors is refused where it nests deeper: no API's object does, and a stack holds it.
   */
  public static final int MAX_DEPTH = 200;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final ObjectMapper STRICT_MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private Json() {}

  /** Returns the mapper of topics and endpoints. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** Returns the mapper for text by authors; it refuses repeated keys and deep nesting. */
  public static ObjectMapper strictMapper() {
    return STRICT_MAPPER;
  }

  /**
   * Reads the one value of a text by an author.
   *
   * @throws JsonProcessingException when the text is not exactly one value
   */
  public static JsonNode onlyValue(String text) throws JsonProcessingException {
    try (var parser = STRICT_MAPPER.createParser(text)) {
      parser.nextToken();
      JsonNode value = parser.readValueAsTree();
      if (value == null) {
        throw new JsonParseException(parser, "no value");
      }
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "text after the value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read text in memory", e);
    }
  }

  /** Writes a value as JSON. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  /**
   * Reads one value of a type.
   *
   * @throws IllegalArgumentException when the bytes are no valid value of the type
   */
  public static <T> T read(byte[] bytes, Class<T> type) {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
