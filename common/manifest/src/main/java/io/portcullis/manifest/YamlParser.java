package io.portcullis.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.validation.RepeatedKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Parses a YAML document to the JSON that kubectl makes of it. Tags name no types. A key that
 * repeats is a fault, and has {@link RepeatedKey#VALUE} in the JSON. Aliases make a document only a
 * few times larger than its text. The JSON is built from the parser's events one by one, because
 * the parser's own tree takes a hundred times the text.
 */
final class YamlParser {
  private static final String MERGE = "<<";
  private static final String UNSPECIFIC = "!";
  private static final String STRING = "tag:yaml.org,2002:str";

  /**
   * The parser's time grows with the square of a line's length. No API server stores a whole object
   * longer than this.
   */
  private static final int LONGEST_LINE = 3 * 512 * 1024;

  private static final Set<String> COLLECTIONS =
      Set.of(UNSPECIFIC, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq");

  private final Document document;
  private final ParserImpl parser;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private long nodesLeft;
  private int deepest;
  private Optional<Refusal> repeated = Optional.empty();

  /**
   * A value that aliases refer to.
   *
   * @param nodes of the value, with its own aliases written out
   * @param height of its tree, 0 for a scalar
   */
  private record Anchored(JsonNode value, long nodes, int height) {}

  /** A fault that the parser itself does not find. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Mark mark;

    Refusal(Event event, String reason) {
      super(reason);
      this.mark = event.getStartMark();
    }
  }

  private YamlParser(Document document) {
    var options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    this.document = document;
    this.parser = new ParserImpl(new StreamReader(document.text()), options);
    this.nodesLeft = 10_000 + 2L * document.text().length();
  }

  static ParsedDocument parse(Document document) {
    var tooLong = lineThatIsTooLong(document.text());
    return tooLong < 0
        ? new YamlParser(document).parse()
        : ParsedDocument.broken(
            List.of(), document.line() + tooLong, "longer than " + LONGEST_LINE + " characters");
  }

  /** Returns the first line that is too long, counted from 0, or -1. */
  private static int lineThatIsTooLong(String text) {
    var line = 0;
    for (var at = 0; at < text.length(); line++) {
      var newline = text.indexOf('\n', at);
      var end = newline < 0 ? text.length() : newline;
      if (end - at > LONGEST_LINE) {
        return line;
      }
      at = end + 1;
    }
    return -1;
  }

  private ParsedDocument parse() {
    try {
      var values = onlyDocument().stream().toList();
      return repeated
          .map(fault -> ParsedDocument.broken(values, line(fault.mark), fault.getMessage()))
          .orElseGet(() -> ParsedDocument.whole(values));
    } catch (Refusal e) {
      return ParsedDocument.broken(List.of(), line(e.mark), e.getMessage());
    } catch (MarkedYAMLException e) {
      return ParsedDocument.broken(List.of(), line(e.getProblemMark()), e.getProblem());
    } catch (YAMLException e) {
      return ParsedDocument.broken(List.of(), 0, e.getMessage());
    }
  }

  private int line(Mark mark) {
    return mark == null ? 0 : document.line() + mark.getLine();
  }

  private Optional<JsonNode> onlyDocument() {
    parser.getEvent(); // the stream's start
    if (parser.checkEvent(Event.ID.StreamEnd)) {
      return Optional.empty();
    }
    parser.getEvent(); // the document's start
    var value = value(0);
    parser.getEvent(); // the document's end
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      throw new Refusal(parser.peekEvent(), "expected a single document");
    }
    return Optional.of(value);
  }

  private JsonNode value(int depth) {
    var event = parser.getEvent();
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    var before = nodesLeft;
    var deepestBefore = deepest;
    deepest = depth;
    count(event, 1, depth);
    var value =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent sequence -> array(sequence, depth);
          case MappingStartEvent mapping -> object(mapping, depth);
          default -> throw new Refusal(event, "not a value: " + event.getEventId());
        };
    if (((NodeEvent) event).getAnchor() != null) {
      anchors.put(
          ((NodeEvent) event).getAnchor(),
          new Anchored(value, before - nodesLeft, deepest - depth));
    }
    deepest = Math.max(deepest, deepestBefore);
    return value;
  }

  /** Returns the value of an alias; one inside its own value refers to nothing yet. */
  private JsonNode alias(AliasEvent alias, int depth) {
    var anchored = anchors.get(alias.getAnchor());
    if (anchored == null) {
      throw new Refusal(alias, "found undefined alias " + alias.getAnchor());
    }
    count(alias, anchored.nodes(), depth + anchored.height());
    return anchored.value();
  }

  private void count(Event event, long nodes, int depth) {
    deepest = Math.max(deepest, depth);
    if (depth > Json.MAX_DEPTH) {
      throw new Refusal(event, "nested deeper than " + Json.MAX_DEPTH);
    }
    nodesLeft -= nodes;
    if (nodesLeft < 0) {
      throw new Refusal(event, "aliases make too much of this document");
    }
  }

  private static JsonNode scalar(ScalarEvent scalar) {
    var tag = scalar.getTag();
    try {
      if (tag != null && !tag.equals(UNSPECIFIC)) {
        return YamlScalar.tagged(tag, scalar.getValue());
      }
      return isPlain(scalar)
          ? YamlScalar.plain(scalar.getValue())
          : YamlScalar.tagged(STRING, scalar.getValue());
    } catch (IllegalArgumentException e) {
      throw new Refusal(scalar, e.getMessage());
    }
  }

  /** Returns whether a scalar has no quotes and no tag that names a type. */
  private static boolean isPlain(ScalarEvent scalar) {
    return scalar.getImplicit().canOmitTagInPlainScalar();
  }

  private static void refuseOtherTags(CollectionStartEvent event) {
    if (event.getTag() != null && !COLLECTIONS.contains(event.getTag())) {
      throw new Refusal(event, "this tag has no meaning here: " + event.getTag());
    }
  }

  private ArrayNode array(SequenceStartEvent sequence, int depth) {
    refuseOtherTags(sequence);
    var array = JsonNodeFactory.instance.arrayNode();
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      array.add(value(depth + 1));
    }
    parser.getEvent();
    return array;
  }

  private ObjectNode object(MappingStartEvent mapping, int depth) {
    refuseOtherTags(mapping);
    var own = JsonNodeFactory.instance.objectNode();
    var merged = JsonNodeFactory.instance.objectNode();
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      var event = parser.peekEvent();
      if (isMerge(event)) {
        parser.getEvent();
        merge(parser.peekEvent(), value(depth + 1), merged);
        continue;
      }
      var key = key(event, value(depth + 1));
      var value = value(depth + 1);
      if (own.has(key)) {
        repeated =
            repeated.or(() -> Optional.of(new Refusal(event, "the key appears twice: " + key)));
        own.set(key, RepeatedKey.VALUE);
      } else {
        own.set(key, value);
      }
    }
    parser.getEvent();
    merged
        .properties()
        .forEach(
            entry -> {
              if (!own.has(entry.getKey())) {
                own.set(entry.getKey(), entry.getValue());
              }
            });
    return own;
  }

  private static boolean isMerge(Event key) {
    return key instanceof ScalarEvent scalar && isPlain(scalar) && scalar.getValue().equals(MERGE);
  }

  /** Adds the entries of another mapping; of several mappings the first wins. */
  private static void merge(Event event, JsonNode from, ObjectNode into) {
    switch (from) {
      case ObjectNode mapping ->
          mapping.properties().forEach(entry -> into.putIfAbsent(entry.getKey(), entry.getValue()));
      case ArrayNode several when several.valueStream().allMatch(JsonNode::isObject) ->
          several.forEach(mapping -> merge(event, mapping, into));
      default -> throw new Refusal(event, "'<<' takes mappings only");
    }
  }

  private static String key(Event event, JsonNode key) {
    if (key.isContainerNode()) {
      throw new Refusal(event, "a key must be a scalar");
    }
    if (key.isNull()) {
      throw new Refusal(event, "a key must not be null");
    }
    return key.asText();
  }
}
