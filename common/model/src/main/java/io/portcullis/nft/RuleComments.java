package io.portcullis.nft;

import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Comments that name the pods and policies behind sets, chains and rules. Each comment is one line
 * of plain text: whatever names and selectors hold, no comment contains a line break or anything
 * else that could end it.
 */
final class RuleComments {
  private static final int MOST_NAMES = 20;
  private static final int MOST_CHARACTERS = 1_000;

  private final Map<ChainId, SortedSet<String>> pods = new HashMap<>();

  RuleComments(RuleSet rules) {
    for (var endpoint : rules.endpoints()) {
      for (var way : TrafficPath.values()) {
        endpoint
            .chain(way)
            .ifPresent(
                chain ->
                    pods.computeIfAbsent(chain, _ -> new TreeSet<>())
                        .add(text(way) + " " + endpoint.pod()));
      }
    }
  }

  private static String text(TrafficPath way) {
    return switch (way) {
      case INGRESS -> "to";
      case EGRESS -> "from";
      case TO_OWN_NODE -> "to its node from";
    };
  }

  List<String> ofSet(String definition) {
    return definition.lines().limit(MOST_NAMES).map(RuleComments::plain).toList();
  }

  List<String> ofChain(Chain chain) {
    var lines = new ArrayList<String>();
    if (!chain.policies().isEmpty()) {
      lines.add(names(chain.policies()));
    }
    if (pods.containsKey(chain.id())) {
      lines.add(names(pods.get(chain.id())));
    }
    return lines;
  }

  List<String> ofRule(Rule rule) {
    return rule.causes().isEmpty() ? List.of() : List.of(names(rule.causes()));
  }

  private static String names(Collection<String> names) {
    var more = names.size() - MOST_NAMES;
    var first = String.join(", ", names.stream().limit(MOST_NAMES).toList());
    return plain(more > 0 ? first + " and " + more + " more" : first);
  }

  /** Replaces all but printable ASCII, and the backslash, which continues a line. */
  private static String plain(String text) {
    var plain = new StringBuilder();
    text.codePoints()
        .limit(MOST_CHARACTERS)
        .map(c -> c < ' ' || c > '~' || c == '\\' ? '?' : c)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }
}
