package io.portcullis.validation;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks fields as the schema of a CustomResourceDefinition demands, in the API server's words. */
final class Schema {
  private Schema() {}

  /** Returns a member that must be present. */
  static Field required(Field object, String name) {
    var child = object.child(name);
    if (!child.present()) {
      child.required("");
    }
    return child;
  }

  /** Returns whether the field is an object; null, which only an item can be, is none. */
  static boolean isObject(Field field) {
    if (!field.present()) {
      field.invalid("must be an object");
    }
    return field.isObject();
  }

  /** Returns a string of at most so many characters; null among items is none. */
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

  /** Returns the items of a list, whose number has bounds if the list is present. */
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

  /** Returns the items of a list as {@link #items} does; all of them must differ. */
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

  /** Returns a whole number in this range, if the field is present. */
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

  /** Returns one of these words, if the field is present. */
  static Optional<String> choice(Field field, List<String> supported) {
    var text = field.text();
    if (text.isPresent() && !supported.contains(text.get())) {
      field.unsupported(supported);
    }
    return text.filter(supported::contains);
  }

  /**
   * Returns the name of the only member of an object that must have exactly one. If all its members
   * are unknown, as those of a newer definition, the result is empty.
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
    object.hasOnly(known);
    return ofKnown.stream().findFirst();
  }
}
