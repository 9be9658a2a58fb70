package io.portcullis.validation;

import java.util.Set;

/** The phases of pods, as {@code status.phase} has them. */
public final class PodPhase {
  private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

  private PodPhase() {}

  /** Tests whether a pod of this phase has ended for good, and has no address any more (T7). */
  public static boolean isFinished(String phase) {
    return FINISHED.contains(phase);
  }
}
