package io.portcullis.compiler.explain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The verdict on a flow; both ends must allow it (T1). */
public record Explanation(Outcome verdict, End egress, End ingress) {

  /** Allowed or denied. */
  public enum Outcome {
    @JsonProperty("allowed")
    ALLOWED,
    @JsonProperty("denied")
    DENIED;

    static Outcome of(boolean allowed) {
      return allowed ? ALLOWED : DENIED;
    }
  }

  /** The order in which policies decide (A1). */
  public enum Tier {
    @JsonProperty("NetworkPolicy")
    NETWORK_POLICY,
    @JsonProperty("Default")
    DEFAULT
  }

  /**
   * One end's verdict.
   *
   * @param policy as {@code Kind/namespace/name}, empty where none decided
   * @param rule as {@code index}, empty where none matched
   */
  public record End(Outcome verdict, Tier tier, String policy, String rule, String reason) {}
}
