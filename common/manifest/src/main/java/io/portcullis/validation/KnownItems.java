package io.portcullis.validation;

import java.util.List;
import java.util.Optional;

/**
 * The items of a list in a tiered policy's rule, as far as they are known.
 *
 * @param items those that are known
 * @param unknown the first item that is not known, if any is not (A8)
 */
record KnownItems<T>(List<T> items, Optional<Field> unknown) {
  KnownItems {
    items = List.copyOf(items);
  }

  /** Returns whether all items of the list are known. */
  boolean complete() {
    return unknown.isEmpty();
  }
}
