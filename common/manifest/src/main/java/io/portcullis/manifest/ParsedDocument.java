package io.portcullis.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * The values of a document, as far as it can be parsed.
 *
 * @param values in order; a document of JSON may have several
 * @param fault why the rest of the document, or all of it, cannot be parsed
 */
public record ParsedDocument(List<JsonNode> values, Optional<Fault> fault) {

  /**
   * The reason why a text cannot be parsed.
   *
   * @param line of the file, or 0 if it is not known
   */
  public record Fault(int line, String reason) {
    String field() {
      return line == 0 ? "document" : "line " + line;
    }
  }

  /** Returns a document that is parsed to its end. */
  public static ParsedDocument whole(List<JsonNode> values) {
    return new ParsedDocument(List.copyOf(values), Optional.empty());
  }

  /** Returns a document that is parsed up to a fault. */
  public static ParsedDocument broken(List<JsonNode> values, int line, String reason) {
    return new ParsedDocument(List.copyOf(values), Optional.of(new Fault(line, reason)));
  }
}
