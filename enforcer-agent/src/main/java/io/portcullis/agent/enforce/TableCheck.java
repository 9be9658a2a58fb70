package io.portcullis.agent.enforce;

import io.portcullis.agent.drift.Drift;

/** What a look at the table found. */
public sealed interface TableCheck {
  /** The table is as it was enforced. */
  record Intact(String digest) implements TableCheck {}

  /** Others had changed the table; now it is as it was enforced. */
  record Repaired(Drift drift, String digest) implements TableCheck {}

  /** The table is not as it was enforced; {@link DriftRepair#trouble} says why. */
  record Unrepaired() implements TableCheck {}
}
