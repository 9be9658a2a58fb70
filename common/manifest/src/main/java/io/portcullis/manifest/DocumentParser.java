package io.portcullis.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Parses documents: as JSON if one begins like it, otherwise as YAML. */
public final class DocumentParser {
  private DocumentParser() {}

  /** Returns the values of a document, and why the rest cannot be parsed. */
  public static ParsedDocument parse(Document document) {
    if (!document.isUtf8()) {
      return ParsedDocument.broken(List.of(), document.lineThatIsNotUtf8(), "not UTF-8");
    }
    if (!document.afterSeparator().isEmpty()) {
      return ParsedDocument.broken(
          List.of(),
          document.line() - 1,
          "only a comment may follow '---', not: " + document.afterSeparator());
    }
    if (!document.looksLikeJson()) {
      return YamlParser.parse(document);
    }
    var json = parseJson(document);
    if (json.fault().isEmpty() || !json.values().isEmpty()) {
      return json;
    }
    var yaml = YamlParser.parse(document); // YAML's flow style begins with a brace too
    return yaml.fault().isEmpty() ? yaml : json;
  }

  private static ParsedDocument parseJson(Document document) {
    var values = new ArrayList<JsonNode>();
    try (var parser = Json.strictMapper().createParser(document.text())) {
      parser.disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      var reader = new JsonValues(parser);
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        values.add(next.get());
      }
      return reader
          .repeated()
          .map(
              key ->
                  ParsedDocument.broken(
                      values, line(document, key.place()), "Duplicate field '" + key.key() + "'"))
          .orElseGet(() -> ParsedDocument.whole(values));
    } catch (JsonProcessingException e) {
      return ParsedDocument.broken(values, line(document, e.getLocation()), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read text in memory", e);
    }
  }

  private static int line(Document document, JsonLocation place) {
    return place == null ? 0 : document.line() + place.getLineNr() - 1;
  }
}
