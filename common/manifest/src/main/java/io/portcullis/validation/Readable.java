package io.portcullis.validation;

import java.util.List;

/**
 * What could be read of a list in a rule of a tiered policy.
 *
 * @param known its items that are known
 * @param whole whether that is all of them (A8)
 */
record Readable<T>(List<T> known, boolean whole) {
  Readable {
    known = List.copyOf(known);
  }
}
