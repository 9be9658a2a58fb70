package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * One rule of a tiered policy; the first that matches decides (A2).
 *
 * @param name that its author gave it, may be empty
 * @param action what is done with what matches
 * @param match the traffic; peers that are absent are every one, which only stands for a peer that
 *     is not known (A8)
 */
public record TieredRule(String name, Action action, PolicyRule match) {

  /** What a rule does (A3). */
  public enum Action {
    /** Allowed for this direction; no later tier is asked. */
    @JsonProperty("Accept")
    ACCEPT,
    @JsonProperty("Deny")
    DENY,
    /** The next tier decides. */
    @JsonProperty("Pass")
    PASS
  }

  public TieredRule {
    name = name == null ? "" : name;
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(match, "match");
  }
}
