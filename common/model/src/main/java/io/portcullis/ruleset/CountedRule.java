package io.portcullis.ruleset;

import io.portcullis.cluster.Direction;
import io.portcullis.ruleset.NodeRecord.Chain;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rules of policies that stand in a chain as one rule, and whose hits are counted together. It is
 * the same in all chains, with any peers and in both families, so its count goes on when a policy
 * is edited or a pod gets another chain. The count starts anew when another policy's rule joins.
 *
 * @param verdict {@code accept}, {@code deny}, {@code pass} to the next tier, or {@code isolated}:
 *     policies isolate, and none of their rules matched
 * @param causes rules of policies as {@code Kind/namespace/name#index}; where isolated, policies
 */
public record CountedRule(Direction direction, String verdict, List<String> causes)
    implements Comparable<CountedRule> {
  private static final Comparator<CountedRule> ORDER =
      Comparator.comparing((CountedRule rule) -> rule.direction)
          .thenComparing(rule -> rule.causes.toString())
          .thenComparing(CountedRule::verdict);

  public CountedRule {
    causes = List.copyOf(causes);
  }

  /**
   * Returns what a rule of a chain, or its end, stands for.
   *
   * @param index of the rule; the number of rules for the end
   * @return nothing where it is not known, or the end only leads on
   */
  public static Optional<CountedRule> of(Chain chain, int index) {
    var direction = chain.id().direction();
    if (index < chain.rules().size()) {
      var rule = chain.rules().get(index);
      return known(new CountedRule(direction, verdict(rule.action()), rule.causes()));
    }
    return switch (chain.end()) {
      case Action.Deny _ -> known(new CountedRule(direction, "isolated", chain.policies()));
      case Action.Accept _, Action.Continue _ -> Optional.empty();
    };
  }

  private static Optional<CountedRule> known(CountedRule rule) {
    return Optional.of(rule).filter(r -> !r.causes.isEmpty());
  }

  private static String verdict(Action action) {
    return switch (action) {
      case Action.Accept _ -> "accept";
      case Action.Deny _ -> "deny";
      case Action.Continue _ -> "pass";
    };
  }

  /** Returns a name that contains no text from outside. */
  public String key() {
    return ContentHash.of(direction + " " + verdict + "\n" + String.join("\n", causes));
  }

  @Override
  public int compareTo(CountedRule other) {
    return ORDER.compare(this, other);
  }
}
