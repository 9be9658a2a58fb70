package io.portcullis.validation;

import java.util.List;

/**
 * What could be read of a list in a rule of a tiered policy.
 *
 * @param items those that are known
 * @param complete whether these are all items of the list (A8)
 */
record KnownItems<T>(List<T> items, boolean complete) {
  KnownItems {
    items = List.copyOf(items);
  }
}
