package io.portcullis.agent.enforce;

import io.portcullis.agent.drift.Drift;

/** What a look at the table found. */
public sealed interface TableCheck {
  /** The table is as it was enforced. */
  record Intact(String digest) implements TableCheck {}

  /** Others had changed the table; the kernel has committed the repair. */
  record Repaired(Drift drift) implements TableCheck {}

  /** The table is not as it was enforced; {@link DriftRepair#trouble} says why. */
  record Unrepaired() implements TableCheck {}
}
