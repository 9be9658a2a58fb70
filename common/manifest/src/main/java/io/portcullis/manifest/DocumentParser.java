package io.portcullis.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Parses documents: JSON where one begins like it, else YAML. */
public final class DocumentParser {
  /** Deeper than any object of an API, and shallow enough for a stack. */
  public static final int MAX_DEPTH = 200;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private DocumentParser() {}

  public static Parsed parse(Document document) {
    if (!document.isUtf8()) {
      return Parsed.broken(List.of(), document.lineThatIsNotUtf8(), "not UTF-8");
    }
    if (!document.afterSeparator().isEmpty()) {
      return Parsed.broken(
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

  private static Parsed parseJson(Document document) {
    var values = new ArrayList<JsonNode>();
    try (var parser = JSON.createParser(document.text())) {
      while (parser.nextToken() != null) {
        values.add(parser.readValueAsTree());
      }
      return Parsed.whole(values);
    } catch (JsonProcessingException e) {
      return Parsed.broken(values, line(document, e), e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory", e);
    }
  }

  private static int line(Document document, JsonProcessingException e) {
    return e.getLocation() == null ? 0 : document.line() + e.getLocation().getLineNr() - 1;
  }

  /** Reads one JSON value that must be all of the text. */
  public static JsonNode onlyValue(String text) throws JsonProcessingException {
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      JsonNode value = parser.readValueAsTree();
      if (value == null) {
        throw new com.fasterxml.jackson.core.JsonParseException(parser, "no value");
      }
      if (parser.nextToken() != null) {
        throw new com.fasterxml.jackson.core.JsonParseException(parser, "text after the value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory", e);
    }
  }
}
