package io.portcullis.policy.reach;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** A rule, an isolation or a default that decides a flow at one of its ends. */
public sealed interface Decider extends Comparable<Decider> {

  /** No policy decides, so the flow is allowed (A1). */
  Decider NOBODY = new Nobody();

  Comparator<Decider> ORDER =
      Comparator.comparing(Decider::text)
          .thenComparing(
              (one, other) ->
                  Arrays.compare(
                      one.names().toArray(String[]::new), other.names().toArray(String[]::new)));

  boolean allows();

  /** Returns the rules or policies that decide. */
  List<String> names();

  /** Returns who decides, in the words of people and in a text that does not grow. */
  String text();

  /**
   * A rule of a policy matches.
   *
   * @param names the rules that match alike, as {@code Kind/namespace/name#index}
   */
  record ByRule(boolean allows, List<String> names) implements Decider {
    @Override
    public String text() {
      return (allows ? "" : "denied by ") + listed(names);
    }
  }

  /**
   * The pod is isolated, and no rule matches (N3, N4).
   *
   * @param names what isolates it, as {@code Kind/namespace/name}
   */
  record Isolated(List<String> names) implements Decider {
    @Override
    public boolean allows() {
      return false;
    }

    @Override
    public String text() {
      return "isolated by " + listed(names);
    }
  }

  /** No policy decides: none touches the end, or none of its rules matches. */
  record Nobody() implements Decider {
    @Override
    public boolean allows() {
      return true;
    }

    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public String text() {
      return "no policy";
    }
  }

  /** Returns the first names, and how many more there are. */
  private static String listed(List<String> names) {
    var most = 2;
    var more = names.size() - most;
    return String.join(more > 0 ? ", " : " and ", names.stream().limit(most).toList())
        + (more > 0 ? " and " + more + " more" : "");
  }

  @Override
  default int compareTo(Decider other) {
    return ORDER.compare(this, other);
  }
}
