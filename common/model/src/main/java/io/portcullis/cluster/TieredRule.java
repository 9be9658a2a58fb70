package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * A rule of a tiered policy; the first rule that matches decides (A2).
 *
 * @param name the name that the author gave the rule; may be empty
 * @param action what happens to traffic that matches
 * @param match the traffic; absent peers match every peer, and stand for a peer of an unknown kind
 *     (A8)
 */
public record TieredRule(String name, Action action, PolicyRule match) {

  /** What a rule does with traffic that matches (A3). */
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
