package io.portcullis.nft;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.nft.RuleReader.DeniedBy;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A pod's chain as the kernel holds it.
 *
 * @param counters of its rules, and last of its end
 */
record PodChain(Chain chain, List<Counter> counters) {
  /**
   * Reads a chain. The listing does not tell its family, but only one family gives the id that the
   * chain is named by.
   *
   * @throws IllegalArgumentException when it is not the content that its id stands for
   */
  static PodChain read(ChainId id, List<ObjectNode> listed) {
    if (listed.isEmpty()) {
      throw new IllegalArgumentException("no rules");
    }
    var read = listed.stream().map(rule -> RuleReader.read(id, rule)).toList();
    var end = read.getLast().rule();
    if (end.peers().isPresent() || !end.ports().any()) {
      throw new IllegalArgumentException("its last rule has a condition");
    }
    var conditional = read.subList(0, read.size() - 1);
    if (conditional.stream().flatMap(r -> r.deniedBy().stream()).anyMatch(DeniedBy::unlessSelf)
        || !read.getLast().deniedBy().map(DeniedBy::unlessSelf).orElse(true)) {
      throw new IllegalArgumentException("a pod reaches itself at its end alone");
    }
    var rules = conditional.stream().map(RuleReader.Read::rule).toList();
    for (var family : possibleFamilies(read)) {
      var chain = Chain.of(id.direction(), family, rules, end.action());
      if (chain.id().equals(id)) {
        return new PodChain(chain, read.stream().map(RuleReader.Read::counter).toList());
      }
    }
    throw new IllegalArgumentException("not what its id stands for");
  }

  /** Returns the families that all of the rules' sets and deny chains belong to. */
  private static Set<Family> possibleFamilies(List<RuleReader.Read> rules) {
    var possible = EnumSet.allOf(Family.class);
    for (var read : rules) {
      read.rule().peers().ifPresent(set -> possible.retainAll(Set.of(set.family())));
      read.deniedBy().ifPresent(denied -> possible.retainAll(Set.of(denied.family())));
    }
    return possible;
  }
}
