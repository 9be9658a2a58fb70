package io.portcullis.policy.reach;

import java.util.List;

/** The flows that a change opens and closes. */
public sealed interface ChangeAnswer {

  /** Tells whether no flow is opened or closed. */
  boolean isEmpty();

  /** A row for each two parties. */
  record Pairs(List<Row> rows) implements ChangeAnswer {
    @Override
    public boolean isEmpty() {
      return rows.isEmpty();
    }
  }

  /** The flows of many parties together, because there are too many pairs to list. */
  record Groups(List<RowGroup> groups) implements ChangeAnswer {
    @Override
    public boolean isEmpty() {
      return groups.isEmpty();
    }
  }
}
