package io.portcullis.policy.explain;

import io.portcullis.net.Flow;
import io.portcullis.policy.explain.Explanation.End;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The answer to a question. */
public sealed interface Answer {

  /** A flow between two addresses of the ends, and its verdict. */
  record Case(Flow flow, Explanation explanation) {}

  /**
   * The verdicts.
   *
   * @param cases one for each pair of addresses of one family, IPv4 first; at least one
   */
  record Explained(List<Case> cases) implements Answer {
    public Explained {
      cases = List.copyOf(cases);
      if (cases.isEmpty()) {
        throw new IllegalArgumentException("no pair of addresses");
      }
    }

    /** Tells whether the verdict depends on the addresses, such as on their family. */
    public boolean differ() {
      return !sameForAll(Explanation::egress) || !sameForAll(Explanation::ingress);
    }

    /**
     * Returns the verdict on the first pair. If the others differ, the end's reason says so, so
     * that nobody takes the verdict of one family for that of both.
     */
    public Explanation inShort() {
      var first = cases.getFirst().explanation();
      return new Explanation(
          first.verdict(), inShort(Explanation::egress), inShort(Explanation::ingress));
    }

    private End inShort(Function<Explanation, End> side) {
      var first = side.apply(cases.getFirst().explanation());
      if (sameForAll(side)) {
        return first;
      }
      var others =
          cases.stream()
              .filter(one -> side.apply(one.explanation()).verdict() != first.verdict())
              .map(one -> differing(one.flow(), side.apply(one.explanation())))
              .collect(Collectors.joining("; "));
      return first.because(first.reason() + "; but " + others);
    }

    private boolean sameForAll(Function<Explanation, End> side) {
      return cases.stream().map(one -> side.apply(one.explanation()).verdict()).distinct().count()
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

  /** There is no pod of that name, or it does not count. */
  record NoSuchPod(String reason) implements Answer {}

  /** Both ends are known, but no packet can go from one to the other. */
  record NoFlow(String reason) implements Answer {}
}
