package io.portcullis.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What could be parsed of a document.
 *
 * @param values in order; a document of JSON may hold several
 * @param fault why the rest, or all, could not be parsed
 */
public record ParsedDocument(List<JsonNode> values, Optional<Fault> fault) {

  /**
   * Why text could not be parsed.
   *
   * @param line in the file, 0 where it is not known
   */
  public record Fault(int line, String reason) {
    String field() {
      return line == 0 ? "document" : "line " + line;
    }
  }

  public static ParsedDocument whole(List<JsonNode> values) {
    return new ParsedDocument(List.copyOf(values), Optional.empty());
  }

  public static ParsedDocument broken(List<JsonNode> values, int line, String reason) {
    return new ParsedDocument(List.copyOf(values), Optional.of(new Fault(line, reason)));
  }
}
