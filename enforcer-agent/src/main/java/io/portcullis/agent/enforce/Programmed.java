package io.portcullis.agent.enforce;

import io.portcullis.agent.program.Plan;
import io.portcullis.agent.status.EnforcedVersion;
import java.time.Duration;

/** How bringing the kernel to a version went. */
public sealed interface Programmed {
  /**
   * The version is in the kernel.
   *
   * @param plan that was carried out for it; without steps where the version was there already
   */
  record Committed(EnforcedVersion enforced, Plan plan, Duration took) implements Programmed {}

  /** The version is not in the kernel; what was enforced before still is. */
  record Failed(String reason) implements Programmed {}
}
