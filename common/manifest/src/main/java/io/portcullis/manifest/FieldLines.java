package io.portcullis.manifest;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The lines in which the fields of a file's objects stand, for messages about them. */
public final class FieldLines {
  /**
   * The parser's tree takes a hundred times the text; a longer document has the line it begins in.
   */
  private static final int LONGEST_DOCUMENT = 4 * 1024 * 1024;

  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

  private final List<ObjectNode> objects = new ArrayList<>();

  /** An object's tree, and the line that its document begins in. */
  private record ObjectNode(Node node, int firstLine) {
    private int line(Node at) {
      return firstLine + at.getStartMark().getLine();
    }

    private boolean is(String kind, String namespace, String name) {
      var metadata = value(node, "metadata");
      var here = metadata.flatMap(m -> text(m, "namespace"));
      return text(node, "kind").filter(kind::equals).isPresent()
          && metadata.flatMap(m -> text(m, "name")).filter(name::equals).isPresent()
          && here.map(namespace::equals).orElse(true);
    }

    /** Returns the line of the field, or of what is nearest around it. */
    private int line(String field) {
      var line = line(node);
      var at = Optional.of(node);
      for (var steps = STEP.matcher(field); at.isPresent() && steps.find(); ) {
        if (steps.group(1) != null) {
          var entry = entry(at.get(), steps.group(1));
          line = entry.map(e -> line(e.getKeyNode())).orElse(line);
          at = entry.map(NodeTuple::getValueNode);
        } else {
          at = item(at.get(), Integer.parseInt(steps.group(2)));
          line = at.map(this::line).orElse(line);
        }
      }
      return line;
    }
  }

  private FieldLines() {}

  /** Reads a file's bytes; what cannot be parsed has no lines. */
  public static FieldLines of(byte[] bytes) {
    var lines = new FieldLines();
    for (var document : Document.split(bytes)) {
      if (document.text().length() <= LONGEST_DOCUMENT) {
        lines.add(document);
      }
    }
    return lines;
  }

  private void add(Document document) {
    try {
      var options = new LoaderOptions();
      options.setCodePointLimit(LONGEST_DOCUMENT);
      Optional.ofNullable(new Yaml(options).compose(new StringReader(document.text())))
          .ifPresent(root -> add(root, document.line()));
    } catch (YAMLException _) {
      // whoever read the document tells why it cannot be parsed
    }
  }

  private void add(Node root, int firstLine) {
    var items = value(root, "items");
    if (items.isPresent() && items.get() instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> add(item, firstLine));
    } else {
      objects.add(new ObjectNode(root, firstLine));
    }
  }

  /**
   * Returns the line of an object's field, from 1, or of what is nearest around the field.
   *
   * @param field its path, such as {@code spec.ingress[0].from}
   */
  public OptionalInt line(String kind, String namespace, String name, String field) {
    return objects.stream()
        .filter(object -> object.is(kind, namespace, name))
        .mapToInt(object -> object.line(field))
        .findFirst();
  }

  private static Optional<NodeTuple> entry(Node node, String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(entry -> entry.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<Node> value(Node node, String key) {
    return entry(node, key).map(NodeTuple::getValueNode);
  }

  private static Optional<Node> item(Node node, int index) {
    return node instanceof SequenceNode sequence && index < sequence.getValue().size()
        ? Optional.of(sequence.getValue().get(index))
        : Optional.empty();
  }

  private static Optional<String> text(Node node, String key) {
    return value(node, key)
        .filter(ScalarNode.class::isInstance)
        .map(scalar -> ((ScalarNode) scalar).getValue());
  }
}
