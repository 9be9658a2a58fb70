package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A field of an object, with its path as the API server writes it. Null counts as absent, as after
 * a round trip through JSON. A value of the wrong type is a violation and then counts as absent.
 */
final class Field {
  /** The message about a kustomize patch. */
  static final String PATCH = "this is a kustomize patch: give what `kustomize build` prints";

  /** Most of those who write such a value meant a text, such as {@code y} or {@code 1.10}. */
  private static final String IN_QUOTES = "a string; write it in quotes";

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

  /**
   * Returns a member, or if it is absent one whose name is probably meant as its name. That one is
   * reported by {@link #hasNoneLike}; nothing else reads it if unknown fields are no errors.
   */
  Field childOrMisspelt(String name, Set<String> read) {
    if (child(name).present() || !violations.refusesUnknown()) {
      return child(name);
    }
    return names()
        .filter(other -> !read.contains(other))
        .filter(other -> Spelling.meant(other, read).filter(name::equals).isPresent())
        .findFirst()
        .map(this::child)
        .orElseGet(() -> child(name));
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
    var expected = value.isNumber() || value.isBoolean() ? IN_QUOTES : "a string";
    return is(value.isTextual(), expected) ? Optional.of(value.textValue()) : Optional.empty();
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
    return isObject() ? names().toList() : List.of();
  }

  /** Reports members that the API does not have, even those that are null. */
  void hasOnly(Set<String> known) {
    names().filter(name -> !known.contains(name)).forEach(name -> unknownMember(name, known));
  }

  /** Warns of members whose names are nearly those that are read. */
  void warnOfLike(Set<String> read) {
    names()
        .filter(name -> !read.contains(name))
        .forEach(
            name ->
                Spelling.meant(name, read)
                    .ifPresent(
                        meant ->
                            violations.warning(
                                child(name).path,
                                "unknown field, nothing reads it; did you mean " + meant + "?")));
  }

  /**
   * Reports members whose names are nearly those that are read, because not all members of the API
   * are known here.
   *
   * @param others members of the API with similar names
   */
  void hasNoneLike(Set<String> read, Set<String> others) {
    names()
        .filter(name -> !others.contains(name) && !read.contains(name))
        .filter(name -> isPatch(name) || Spelling.meant(name, read).isPresent())
        .forEach(name -> unknownMember(name, read));
  }

  private void unknownMember(String name, Set<String> known) {
    violations.unknownField(
        child(name).path,
        isPatch(name)
            ? "; " + PATCH
            : Spelling.meant(name, known).map(meant -> "; did you mean " + meant + "?").orElse(""));
  }

  /** Returns whether only a patch has a member of this name, such as {@code $patch}. */
  static boolean isPatch(String name) {
    return name.startsWith("$");
  }

  /**
   * Returns whether an unknown member may be meant as a list of this name. That is one whose name
   * is nearly this, or a list whose name is nearly that of no other member.
   */
  boolean mayMisspell(String list, Set<String> known) {
    return names()
        .filter(name -> !known.contains(name))
        .anyMatch(
            name ->
                Spelling.meant(name, known)
                    .map(list::equals)
                    .orElseGet(() -> child(name).value.isArray()));
  }

  private Stream<String> names() {
    return value.isObject()
        ? value.properties().stream().map(java.util.Map.Entry::getKey)
        : Stream.empty();
  }

  private boolean is(boolean fits, String expected) {
    if (present() && !fits) {
      invalid("must be " + expected);
    }
    return fits;
  }

  void invalid(String detail) {
    if (isRepeated()) {
      violations.repeatedKey(path);
      return;
    }
    violations.error(
        path, "Invalid value: " + Quoted.value(value) + ": " + detail + template(value.toString()));
  }

  /** Returns whether the key is there twice, so that nobody can tell which value counts. */
  boolean isRepeated() {
    return RepeatedKey.is(value);
  }

  private static String template(String text) {
    return text.contains(HelmTemplate.OPENING) ? "; " + HelmTemplate.REMEDY : "";
  }

  void invalid(List<String> details) {
    details.forEach(this::invalid);
  }

  void invalid(String badValue, List<String> details) {
    details.forEach(
        detail ->
            violations.error(
                path,
                "Invalid value: " + Quoted.text(badValue) + ": " + detail + template(badValue)));
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
