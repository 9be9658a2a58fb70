package io.portcullis.policy.explain;

import io.portcullis.policy.explain.Explanation.End;
import java.util.stream.Collectors;

/** Writes verdicts for people to read. */
public final class ExplanationText {
  private ExplanationText() {}

  /** Returns each pair of addresses if their verdicts differ, otherwise one verdict for all. */
  public static String of(String asked, Answer.Explained explained) {
    if (!explained.differ()) {
      return of(asked, explained.inShort());
    }
    return explained.cases().stream()
        .map(way -> of(way.flow().source() + " to " + way.flow().destination(), way.explanation()))
        .collect(Collectors.joining("\n", "depends on the address: " + asked + "\n", ""));
  }

  /** Returns one verdict. */
  public static String of(String asked, Explanation explanation) {
    return explanation.verdict()
        + ": "
        + asked
        + end("egress", explanation.egress())
        + end("ingress", explanation.ingress());
  }

  private static String end(String direction, End end) {
    return "\n  "
        + direction
        + ": "
        + end.verdict()
        + line("tier", end.tier().toString())
        + line("policy", end.policy())
        + line("rule", end.rule())
        + line("reason", end.reason());
  }

  private static String line(String name, String value) {
    return "\n    %-7s %s".formatted(name + ":", value.isEmpty() ? "none" : value);
  }
}
