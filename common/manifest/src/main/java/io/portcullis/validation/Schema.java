package io.portcullis.validation;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the schema of a CustomResourceDefinition demands, in the API server's words. */
final class Schema {
  private Schema() {}

  /** A member that must be there. */
  static Field required(Field object, String name) {
    var child = object.child(name);
    if (!child.present()) {
      child.required("");
    }
    return child;
  }

  /** Whether it is an object; null, which only a list's item can be, is none. */
  static boolean isObject(Field field) {
    if (!field.present()) {
      field.invalid("must be an object");
    }
    return field.isObject();
  }

  /** A string of at most so many characters; null among a list's items is none. */
  static Optional<String> text(Field field, int most) {
    if (!field.present()) {
      field.invalid("must be a string");
    }
    var text = field.text();
    if (text.filter(t -> t.codePointCount(0, t.length()) > most).isPresent()) {
      field.tooLong(most);
      return Optional.empty();
    }
    return text;
  }

  /** The items of a list, which has so many where it is present. */
  static List<Field> items(Field list, int least, int most) {
    var items = list.items();
    if (list.isEmptyList() && least > 0) {
      list.outOfBound(0, "have at least " + least + " items");
    }
    if (items.size() > most) {
      list.tooMany(items.size(), most);
    }
    return items;
  }

  /** The same for a list whose items all differ. */
  static List<Field> different(Field list, int least, int most) {
    var items = items(list, least, most);
    var seen = new java.util.HashSet<String>();
    for (var item : items) {
      if (item.isText() && !seen.add(item.text().orElseThrow())) {
        item.duplicate();
      }
    }
    return items;
  }

  /** A whole number in this range, where the field is present. */
  static Optional<Integer> number(Field field, int least, int most) {
    var number = field.integer();
    number.filter(n -> n > most).ifPresent(n -> field.outOfBound(n, atMost(most)));
    number.filter(n -> n < least).ifPresent(n -> field.outOfBound(n, atLeast(least)));
    return number.filter(n -> n >= least && n <= most);
  }

  private static String atMost(int most) {
    return "be less than or equal to " + most;
  }

  private static String atLeast(int least) {
    return "be greater than or equal to " + least;
  }

  /** One of these words, where the field is present. */
  static Optional<String> choice(Field field, List<String> supported) {
    var text = field.text();
    if (text.isPresent() && !supported.contains(text.get())) {
      field.unsupported(supported);
    }
    return text.filter(supported::contains);
  }

  /**
   * The name of the one member of an object that must have exactly one. It is empty without a
   * violation where there are only members that nobody here knows, as a newer definition may bring.
   */
  static Optional<String> onlyMember(Field object, Set<String> known) {
    var members = object.members();
    var ofKnown = members.stream().filter(known::contains).toList();
    if (members.isEmpty()) {
      object.outOfBound(0, "have at least 1 properties");
    }
    if (ofKnown.size() > 1) {
      object.outOfBound(ofKnown.size(), "have at most 1 properties");
      return Optional.empty();
    }
    if (!ofKnown.isEmpty()) {
      object.warnOfOthersThan(known);
    }
    return ofKnown.stream().findFirst();
  }
}
