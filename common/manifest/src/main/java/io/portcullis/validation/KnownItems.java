package io.portcullis.validation;

import java.util.List;

/**
 * The items of a list in a tiered policy's rule, as far as they are known.
 *
 * @param items those that are known
 * @param complete whether these are all items of the list (A8)
 */
record KnownItems<T>(List<T> items, boolean complete) {
  KnownItems {
    items = List.copyOf(items);
  }
}
