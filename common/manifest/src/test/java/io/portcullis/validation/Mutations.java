package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.manifest.Document;
import io.portcullis.manifest.DocumentParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One change to a manifest, of every sort that people and machines make. */
final class Mutations {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "5",
          "-1",
          "70000",
          "1.5",
          "\"\"",
          "\"x\"",
          "\"80\"",
          "\"a b/c\"",
          "[]",
          "{}",
          "[null]",
          "[5]",
          "[\"x\"]",
          "[[]]",
          "[{}]",
          "{\"x\": 1}",
          "\"Deny\"",
          "\"Allow\"");

  private Mutations() {}

  /** Where a value stands: a member of an object or an item of a list. */
  private sealed interface Place {
    JsonNode get();

    void set(JsonNode value);

    record Member(ObjectNode object, String name) implements Place {
      @Override
      public JsonNode get() {
        return object.get(name);
      }

      @Override
      public void set(JsonNode value) {
        object.set(name, value);
      }
    }

    record Item(ArrayNode list, int index) implements Place {
      @Override
      public JsonNode get() {
        return list.get(index);
      }

      @Override
      public void set(JsonNode value) {
        list.set(index, value);
      }
    }
  }

  /** Some bits of a byte turned. */
  static byte[] flipped(String text, Random random) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
    return bytes;
  }

  /** A value replaced by one that is often of another type. */
  static byte[] replaced(String text, Random random) {
    var tree = tree(text);
    any(tree, random).set(Json.read(value(random), JsonNode.class));
    return json(tree);
  }

  /** Two values in each other's place. */
  static byte[] swapped(String text, Random random) {
    var tree = tree(text);
    var one = any(tree, random);
    var other = any(tree, random);
    var value = one.get().deepCopy();
    one.set(other.get().deepCopy());
    other.set(value);
    return json(tree);
  }

  /** A value taken away. */
  static byte[] removed(String text, Random random) {
    var tree = tree(text);
    switch (any(tree, random)) {
      case Place.Member(var object, var name) -> object.remove(name);
      case Place.Item(var list, var index) -> list.remove(index);
    }
    return json(tree);
  }

  /** A field under another name, or an item twice. */
  static byte[] renamed(String text, Random random) {
    var tree = tree(text);
    switch (any(tree, random)) {
      case Place.Member(var object, var name) -> {
        var value = object.remove(name);
        object.set(name + "x", value);
      }
      case Place.Item(var list, var index) -> list.insert(index, list.get(index).deepCopy());
    }
    return json(tree);
  }

  private static byte[] value(Random random) {
    return VALUES.get(random.nextInt(VALUES.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode tree(String text) {
    var parsed = DocumentParser.parse(Document.split(text).getFirst());
    return parsed.values().getFirst();
  }

  private static byte[] json(JsonNode tree) {
    return (new String(Json.bytes(tree), StandardCharsets.UTF_8) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Place any(JsonNode tree, Random random) {
    var places = new ArrayList<Place>();
    collect(tree, places);
    return places.get(random.nextInt(places.size()));
  }

  private static void collect(JsonNode node, List<Place> into) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              entry -> {
                into.add(new Place.Member(object, entry.getKey()));
                collect(entry.getValue(), into);
              });
    }
    if (node instanceof ArrayNode list) {
      for (var i = 0; i < list.size(); i++) {
        into.add(new Place.Item(list, i));
        collect(list.get(i), into);
      }
    }
  }
}
