package io.portcullis.policy.explain;

import io.portcullis.net.Flow;
import io.portcullis.policy.explain.Explanation.End;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What can be said to a question. */
public sealed interface Answer {

  /** One pair of addresses that can speak, and the verdict on it. */
  record Way(Flow flow, Explanation explanation) {}

  /**
   * The verdicts.
   *
   * @param ways one for each pair of addresses of one family, IPv4 first; at least one
   */
  record Explained(List<Way> ways) implements Answer {
    public Explained {
      ways = List.copyOf(ways);
      if (ways.isEmpty()) {
        throw new IllegalArgumentException("no pair of addresses");
      }
    }

    /** Whether it depends on the addresses, such as on the family. */
    public boolean differ() {
      return !sameForAll(Explanation::egress) || !sameForAll(Explanation::ingress);
    }

    /**
     * The verdict on the first pair; where others differ, the end's reason says so, so that nobody
     * takes one family's verdict for both.
     */
    public Explanation inShort() {
      var first = ways.getFirst().explanation();
      return new Explanation(
          first.verdict(), inShort(Explanation::egress), inShort(Explanation::ingress));
    }

    private End inShort(Function<Explanation, End> side) {
      var first = side.apply(ways.getFirst().explanation());
      if (sameForAll(side)) {
        return first;
      }
      var others =
          ways.stream()
              .filter(way -> side.apply(way.explanation()).verdict() != first.verdict())
              .map(way -> differing(way.flow(), side.apply(way.explanation())))
              .collect(Collectors.joining("; "));
      return new End(
          first.verdict(),
          first.tier(),
          first.policy(),
          first.rule(),
          first.reason() + "; but " + others);
    }

    private boolean sameForAll(Function<Explanation, End> side) {
      return ways.stream().map(way -> side.apply(way.explanation()).verdict()).distinct().count()
          == 1;
    }

    private static String differing(Flow flow, End end) {
      return "from "
          + flow.source()
          + " to "
          + flow.destination()
          + ": "
          + end.verdict()
          + ", "
          + end.reason();
    }
  }

  /** A pod of that name is not known or does not count. */
  record NoSuchPod(String reason) implements Answer {}

  /** Both ends are known, but no packet can go from one to the other. */
  record NoFlow(String reason) implements Answer {}
}
