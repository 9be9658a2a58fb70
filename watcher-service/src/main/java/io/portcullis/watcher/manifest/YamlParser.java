package io.portcullis.watcher.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * One YAML document as the JSON that kubectl makes of it. Tags never name a type, keys never repeat
 * and aliases never make more of a document than a small multiple of its text.
 */
final class YamlParser {
  private static final Tag PLAIN = new Tag("tag:portcullis.io,2026:plain");
  private static final String MERGE = "<<";
  private static final int MAX_ALIASES = 1_000;

  /**
   * The parser's time grows with the square of a line's length. No API server stores an object that
   * is longer than this as a whole.
   */
  private static final int LONGEST_LINE = 3 * 512 * 1024;

  private static final Set<Tag> COLLECTIONS = Set.of(Tag.MAP, Tag.SEQ);

  private final Document document;
  private long nodesLeft;

  /** A fault that the parser itself does not know. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Mark mark;

    Refusal(Node node, String reason) {
      super(reason);
      this.mark = node.getStartMark();
    }
  }

  private YamlParser(Document document) {
    this.document = document;
    this.nodesLeft = 10_000 + 2L * document.text().length();
  }

  static Parsed parse(Document document) {
    var tooLong = lineThatIsTooLong(document.text());
    return tooLong < 0
        ? new YamlParser(document).parse()
        : Parsed.broken(
            List.of(), document.line() + tooLong, "longer than " + LONGEST_LINE + " characters");
  }

  /** A line counted from 0, or -1. */
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

  private Parsed parse() {
    try {
      var node = compose();
      return Parsed.whole(node == null ? List.of() : List.of(json(node, 0)));
    } catch (Refusal e) {
      return Parsed.broken(List.of(), line(e.mark), e.getMessage());
    } catch (MarkedYAMLException e) {
      return Parsed.broken(List.of(), line(e.getProblemMark()), e.getProblem());
    } catch (YAMLException e) {
      return Parsed.broken(List.of(), 0, e.getMessage());
    }
  }

  private int line(Mark mark) {
    return mark == null ? 0 : document.line() + mark.getLine();
  }

  private Node compose() {
    var options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setNestingDepthLimit(DocumentParser.MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    var parser = new ParserImpl(new StreamReader(document.text()), options);
    return new Composer(parser, new KnowsPlainScalars(), options).getSingleNode();
  }

  /** Leaves it to {@link YamlScalar} what a plain scalar means. */
  private static final class KnowsPlainScalars extends Resolver {
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return switch (kind) {
        case scalar -> implicit ? PLAIN : Tag.STR;
        case sequence -> Tag.SEQ;
        case mapping -> Tag.MAP;
        case anchor -> throw new IllegalArgumentException("an anchor has no tag");
      };
    }
  }

  private JsonNode json(Node node, int depth) {
    if (depth > DocumentParser.MAX_DEPTH) {
      throw new Refusal(node, "nested deeper than " + DocumentParser.MAX_DEPTH);
    }
    if (--nodesLeft < 0) {
      throw new Refusal(node, "aliases make too much of this document");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        refuseOtherTags(sequence);
        var array = JsonNodeFactory.instance.arrayNode();
        sequence.getValue().forEach(item -> array.add(json(item, depth + 1)));
        yield array;
      }
      case MappingNode mapping -> {
        refuseOtherTags(mapping);
        yield object(mapping, depth);
      }
      default -> throw new Refusal(node, "not a value: " + node.getNodeId());
    };
  }

  private static void refuseOtherTags(Node node) {
    if (!COLLECTIONS.contains(node.getTag())) {
      throw new Refusal(node, "a tag that has no meaning here: " + node.getTag().getValue());
    }
  }

  private static JsonNode scalar(ScalarNode node) {
    try {
      return node.getTag().equals(PLAIN)
          ? YamlScalar.plain(node.getValue())
          : YamlScalar.tagged(node.getTag().getValue(), node.getValue());
    } catch (IllegalArgumentException e) {
      throw new Refusal(node, e.getMessage());
    }
  }

  private ObjectNode object(MappingNode mapping, int depth) {
    var own = JsonNodeFactory.instance.objectNode();
    var merged = JsonNodeFactory.instance.objectNode();
    for (var entry : mapping.getValue()) {
      if (isMerge(entry.getKeyNode())) {
        merge(entry.getValueNode(), depth, merged);
        continue;
      }
      var key = key(entry.getKeyNode());
      if (own.has(key)) {
        throw new Refusal(entry.getKeyNode(), "the key stands here twice: " + key);
      }
      own.set(key, json(entry.getValueNode(), depth + 1));
    }
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

  private static boolean isMerge(Node key) {
    return key instanceof ScalarNode scalar
        && scalar.getTag().equals(PLAIN)
        && scalar.getValue().equals(MERGE);
  }

  /** Takes over another mapping's entries; of several mappings the earlier counts. */
  private void merge(Node from, int depth, ObjectNode into) {
    switch (from) {
      case MappingNode mapping ->
          ((ObjectNode) json(mapping, depth + 1))
              .properties()
              .forEach(entry -> into.putIfAbsent(entry.getKey(), entry.getValue()));
      case SequenceNode sequence
          when sequence.getValue().stream().allMatch(item -> item instanceof MappingNode) ->
          sequence.getValue().forEach(item -> merge(item, depth + 1, into));
      default -> throw new Refusal(from, "'<<' takes mappings only");
    }
  }

  private static String key(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw new Refusal(node, "a key must be a scalar");
    }
    var key = scalar(scalar);
    if (key.isNull()) {
      throw new Refusal(node, "a key must not be null");
    }
    return key.asText();
  }
}
