package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.manifest.Document;
import io.portcullis.manifest.DocumentParser;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A manifest file whose objects can be changed. Everything else stays as it was written, even
 * documents that cannot be parsed, and every document keeps its line number, so that problems still
 * name the author's lines.
 */
public final class EditableManifest {
  private static final String LIST = "List";

  private final byte[] original;
  private final List<Part> parts;

  /** A document with its objects before and after the change. */
  private record Part(Document document, List<JsonNode> before, List<JsonNode> values) {
    boolean changed() {
      return !before.equals(values);
    }
  }

  /**
   * An object of the file; changing the node changes the file.
   *
   * @param apiVersion the object's own, or that of its list
   * @param kind the object's own, or that of its list
   * @param object the object itself
   */
  public record Item(String apiVersion, String kind, ObjectNode object) {}

  private EditableManifest(byte[] original, List<Part> parts) {
    this.original = original;
    this.parts = parts;
  }

  /** Reads a file; documents that cannot be parsed have no objects. */
  public static EditableManifest of(byte[] bytes) {
    return new EditableManifest(
        bytes, Document.split(bytes).stream().map(EditableManifest::part).toList());
  }

  private static Part part(Document document) {
    var parsed = DocumentParser.parse(document);
    var values = parsed.fault().isEmpty() ? parsed.values() : List.<JsonNode>of();
    return new Part(
        document,
        values,
        values.stream()
            .map(value -> value.<JsonNode>deepCopy())
            .toList()); // YAML aliases share nodes
  }

  /** Returns every object of the documents that could be parsed, including the items of lists. */
  public List<Item> items() {
    var items = new ArrayList<Item>();
    parts.forEach(part -> part.values().forEach(value -> add(value, "", "", items)));
    return items;
  }

  private static void add(JsonNode value, String listVersion, String listKind, List<Item> items) {
    if (!(value instanceof ObjectNode object)) {
      return;
    }
    var apiVersion = object.path("apiVersion").asText(listVersion);
    var kind = object.path("kind").asText(listKind);
    if (kind.endsWith(LIST) && object.path("items").isArray()) {
      var itemKind = kind.substring(0, kind.length() - LIST.length());
      var itemVersion = itemKind.isEmpty() ? "" : apiVersion;
      object.path("items").forEach(item -> add(item, itemVersion, itemKind, items));
      return;
    }
    items.add(new Item(apiVersion, kind, object));
  }

  /** Returns the file with its changes; without changes, the same bytes. */
  public byte[] bytes() {
    if (parts.stream().noneMatch(Part::changed)) {
      return original;
    }
    var out = new Lines();
    for (var part : parts) {
      var document = part.document();
      if (document.line() > 1) {
        out.fillTo(document.line() - 1);
        out.append("---" + (document.afterSeparator().isEmpty() ? "" : " "), document.charset());
        out.append(document.afterSeparator() + "\n", document.charset());
      }
      if (part.changed()) {
        part.values().forEach(value -> out.append(Json.bytes(value)));
      } else {
        out.append(document.text(), document.charset());
      }
    }
    return out.text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The lines of a file, read byte by byte so that every byte survives. */
  private static final class Lines {
    final StringBuilder text = new StringBuilder();

    void append(String more, Charset charset) {
      text.append(new String(more.getBytes(charset), StandardCharsets.ISO_8859_1));
    }

    void append(byte[] line) {
      text.append(new String(line, StandardCharsets.ISO_8859_1)).append('\n');
    }

    void fillTo(int line) {
      if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
        text.append('\n');
      }
      for (var at = text.chars().filter(c -> c == '\n').count() + 1; at < line; at++) {
        text.append('\n');
      }
    }
  }
}
