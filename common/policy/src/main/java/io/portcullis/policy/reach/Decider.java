package io.portcullis.policy.reach;

import java.util.List;

/** What decides a flow at one of its ends. */
public sealed interface Decider extends Comparable<Decider> {

  /** No policy decides, so the flow is allowed (A1). */
  Decider NOBODY = new Nobody();

  boolean allows();

  /** Returns who decides, in the words of people. */
  String text();

  /**
   * A rule of a policy matches.
   *
   * @param rules the rules that match alike, as {@code Kind/namespace/name#index}
   */
  record ByRule(boolean allows, List<String> rules) implements Decider {
    @Override
    public String text() {
      return (allows ? "" : "denied by ") + String.join(" and ", rules);
    }
  }

  /**
   * The pod is isolated, and no rule matches (N3, N4).
   *
   * @param policies what isolates it, as {@code Kind/namespace/name}
   */
  record Isolated(List<String> policies) implements Decider {
    @Override
    public boolean allows() {
      return false;
    }

    @Override
    public String text() {
      return "isolated by " + String.join(" and ", policies);
    }
  }

  /** No policy decides: none touches the end, or none of its rules matches. */
  record Nobody() implements Decider {
    @Override
    public boolean allows() {
      return true;
    }

    @Override
    public String text() {
      return "no policy";
    }
  }

  @Override
  default int compareTo(Decider other) {
    return text().compareTo(other.text());
  }
}
