package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A field of an object, with its path as the API server writes it. Null counts as absent, as after
 * a round trip through JSON. A value of the wrong type is a violation and then counts as absent.
 */
final class Field {
  private final Violations violations;
  private final String path;
  private final JsonNode value;

  private Field(Violations violations, String path, JsonNode value) {
    this.violations = violations;
    this.path = path;
    this.value = value == null || value.isNull() ? MissingNode.getInstance() : value;
  }

  static Field root(JsonNode object, Violations violations) {
    return new Field(violations, "", object);
  }

  /** Returns this field with another collection of its violations. */
  Field under(Violations other) {
    return new Field(other, path, value);
  }

  boolean present() {
    return !value.isMissingNode();
  }

  /** Returns a member, which is absent if this is absent or no object. */
  Field child(String name) {
    return new Field(violations, path.isEmpty() ? name : path + "." + name, value.get(name));
  }

  /** Returns an entry of a map whose keys are data. */
  Field entry(String key) {
    return new Field(violations, path + "[" + key + "]", value.get(key));
  }

  /** Returns whether this is an object; any other value is a violation. */
  boolean isObject() {
    return is(value.isObject(), "an object");
  }

  /** Returns the items of a list, or none if this is absent or no list. */
  List<Field> items() {
    if (!is(value.isArray(), "a list")) {
      return List.of();
    }
    var items = new ArrayList<Field>(value.size());
    for (var i = 0; i < value.size(); i++) {
      items.add(new Field(violations, path + "[" + i + "]", value.get(i)));
    }
    return items;
  }

  /** Returns the names of all members that are not null, or none if this is no object. */
  List<String> members() {
    return value.isObject()
        ? value.properties().stream()
            .filter(entry -> !entry.getValue().isNull())
            .map(java.util.Map.Entry::getKey)
            .toList()
        : List.of();
  }

  boolean isEmptyList() {
    return value.isArray() && value.isEmpty();
  }

  Optional<String> text() {
    return is(value.isTextual(), "a string") ? Optional.of(value.textValue()) : Optional.empty();
  }

  boolean isText() {
    return value.isTextual();
  }

  Optional<Boolean> bool() {
    return is(value.isBoolean(), "true or false")
        ? Optional.of(value.booleanValue())
        : Optional.empty();
  }

  /** Returns a whole number of 32 bits, as the API's ports are. */
  Optional<Integer> integer() {
    return whole()
        .filter(number -> is(number.intValue() == number, "a number of 32 bits"))
        .map(Long::intValue);
  }

  Optional<Long> whole() {
    var fits = value.canConvertToExactIntegral() && value.isNumber() && value.canConvertToLong();
    return is(fits, "a whole number") ? Optional.of(value.longValue()) : Optional.empty();
  }

  /** Returns a map of strings; a null is an empty string, as in the server's decoding. */
  SortedMap<String, String> texts() {
    var texts = new TreeMap<String, String>();
    for (var key : keys()) {
      var entry = entry(key);
      if (!entry.present()) {
        texts.put(key, "");
      }
      entry.text().ifPresent(text -> texts.put(key, text));
    }
    return texts;
  }

  /** Returns all keys of a map, including those of nulls. */
  List<String> keys() {
    return isObject()
        ? value.properties().stream().map(java.util.Map.Entry::getKey).toList()
        : List.of();
  }

  /** Warns of members that do not exist in the API. */
  void warnOfOthersThan(Set<String> known) {
    eachName(
        name -> {
          if (!known.contains(name)) {
            violations.warning(child(name).path, "unknown field, it means nothing");
          }
        });
  }

  /** Warns of members that differ from these in case only, which the API ignores. */
  void warnOfMisspelt(Set<String> read) {
    eachName(
        name ->
            read.stream()
                .filter(known -> !known.equals(name) && fold(known).equals(fold(name)))
                .forEach(
                    known ->
                        violations.warning(
                            child(name).path,
                            "unknown field, it means nothing; " + known + " exists")));
  }

  private static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private void eachName(java.util.function.Consumer<String> action) {
    members().forEach(action);
  }

  private boolean is(boolean fits, String expected) {
    if (present() && !fits) {
      invalid("must be " + expected);
    }
    return fits;
  }

  void invalid(String detail) {
    violations.error(path, "Invalid value: " + Quoted.value(value) + ": " + detail);
  }

  void invalid(List<String> details) {
    details.forEach(this::invalid);
  }

  void invalid(String badValue, List<String> details) {
    details.forEach(
        detail ->
            violations.error(path, "Invalid value: " + Quoted.text(badValue) + ": " + detail));
  }

  void duplicate() {
    violations.error(path, "Duplicate value: " + Quoted.value(value));
  }

  void required(String detail) {
    violations.error(path, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
  }

  void forbidden(String detail) {
    violations.error(path, "Forbidden: " + detail);
  }

  void tooLong(int bytes) {
    violations.error(path, "Too long: may not be more than " + bytes + " bytes");
  }

  void tooMany(int items, int most) {
    violations.error(path, "Too many: " + items + ": must have at most " + most + " items");
  }

  /** Reports that a rule of a CustomResourceDefinition on the whole object is broken. */
  void invalidObject(String detail) {
    violations.error(path, "Invalid value: \"object\": " + detail);
  }

  /** Reports that a bound of a CustomResourceDefinition's schema is exceeded. */
  void outOfBound(long badValue, String bound) {
    violations.error(path, "Invalid value: " + badValue + ": " + path + " in body should " + bound);
  }

  void unsupported(List<String> supported) {
    violations.error(
        path,
        "Unsupported value: "
            + Quoted.value(value)
            + ": supported values: "
            + String.join(", ", supported.stream().map(Quoted::text).toList()));
  }

  void warn(String reason) {
    violations.warning(path, reason);
  }

  String path() {
    return path;
  }
}
