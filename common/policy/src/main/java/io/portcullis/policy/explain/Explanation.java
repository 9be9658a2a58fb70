package io.portcullis.policy.explain;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;

/** The verdict on a flow, which both ends must allow (T1). */
public record Explanation(Outcome verdict, End egress, End ingress) {
  public Explanation {
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(egress, "egress");
    Objects.requireNonNull(ingress, "ingress");
  }

  /** Returns the verdict of both ends together (T1). */
  static Explanation of(End egress, End ingress) {
    var allowed = egress.verdict() == Outcome.ALLOWED && ingress.verdict() == Outcome.ALLOWED;
    return new Explanation(Outcome.of(allowed), egress, ingress);
  }

  /** The outcome of a verdict. */
  public enum Outcome {
    ALLOWED("allowed"),
    DENIED("denied");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    static Outcome of(boolean allowed) {
      return allowed ? ALLOWED : DENIED;
    }

    @Override
    @JsonValue
    public String toString() {
      return text;
    }
  }

  /** The order in which policies decide (A1). */
  public enum Tier {
    ADMIN("Admin"),
    NETWORK_POLICY("NetworkPolicy"),
    BASELINE("Baseline"),
    DEFAULT("Default");

    private final String text;

    Tier(String text) {
      this.text = text;
    }

    @Override
    @JsonValue
    public String toString() {
      return text;
    }
  }

  /**
   * The verdict of one end.
   *
   * @param policy as {@code Kind/namespace/name}, empty where none decided
   * @param rule as {@code index}, or {@code index (name)} where it has a name; empty where none
   *     matched
   */
  public record End(Outcome verdict, Tier tier, String policy, String rule, String reason) {
    public End {
      Objects.requireNonNull(verdict, "verdict");
      Objects.requireNonNull(tier, "tier");
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(reason, "reason");
    }

    /** Returns the same verdict with another reason. */
    End because(String otherReason) {
      return new End(verdict, tier, policy, rule, otherReason);
    }
  }
}
