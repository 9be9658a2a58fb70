package io.portcullis.agent.program;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A rule set without the objects that the kernel refuses. Chains that refer to one of them are left
 * out too, and the endpoints of such chains are closed: nothing passes to them, from them, or from
 * them to their node.
 *
 * @param rules what is left of it
 * @param digest of what is left
 * @param refused the objects at fault by key, each with nft's reason
 * @param closed keys of the endpoints that nothing reaches
 */
public record Isolation(
    RuleSet rules, String digest, SortedMap<String, String> refused, SortedSet<String> closed) {
  private static final int MOST_REFUSED = 16;

  public Isolation {
    refused = Collections.unmodifiableSortedMap(refused);
    closed = Collections.unmodifiableSortedSet(closed);
  }

  /** Asks the kernel whether it would take a rule set. */
  public interface Trial {
    /** Returns why the kernel would refuse the rules; empty if it would take them. */
    Optional<String> refusal(RuleSet rules);
  }

  /**
   * Finds the objects at fault. Each takes about ten trials.
   *
   * @return empty if no single objects are at fault, or too many are
   */
  public static Optional<Isolation> of(RuleSet rules, Trial trial) {
    if (trial.refusal(RuleSet.of(denials())).isPresent() || trial.refusal(rules).isEmpty()) {
      return Optional.empty();
    }
    return new Search(rules, trial).run(Parts.of(rules));
  }

  @Override
  public String toString() {
    return "without "
        + refused.entrySet().stream()
            .map(
                object ->
                    object.getKey() + " (" + object.getValue().lines().findFirst().get() + ")")
            .collect(Collectors.joining(", "))
        + ", which the kernel refuses; closed: "
        + (closed.isEmpty() ? "no endpoint" : String.join(", ", closed));
  }

  /** Adds one part after another, as far as the kernel takes them. */
  private static final class Search {
    private final RuleSet whole;
    private final Trial trial;
    private final List<NodeRecord> taken = new ArrayList<>(denials());
    private final SortedMap<String, String> refused = new TreeMap<>();
    private final SortedSet<String> closed = new TreeSet<>();

    Search(RuleSet whole, Trial trial) {
      this.whole = whole;
      this.trial = trial;
    }

    Optional<Isolation> run(List<Parts.Part> parts) {
      var left = parts;
      while (true) {
        var many = longestTaken(left);
        left.subList(0, many).forEach(part -> taken.addAll(part.records()));
        if (many == left.size()) {
          var rules = withoutIdleDenials();
          return Optional.of(new Isolation(rules, rules.digest().hex(), refused, closed));
        }
        var culprit = left.get(many);
        var reason = refusal(List.of(culprit)).orElseThrow();
        if (refused.size() == MOST_REFUSED || refused.put(culprit.key(), reason) != null) {
          return Optional.empty();
        }
        left = after(culprit, left.subList(many, left.size()));
      }
    }

    private int longestTaken(List<Parts.Part> parts) {
      if (refusal(parts).isEmpty()) {
        return parts.size();
      }
      var good = 0;
      var bad = parts.size();
      while (bad - good > 1) {
        var middle = (good + bad) / 2;
        if (refusal(parts.subList(0, middle)).isEmpty()) {
          good = middle;
        } else {
          bad = middle;
        }
      }
      return good;
    }

    private Optional<String> refusal(List<Parts.Part> more) {
      var all = new ArrayList<>(taken);
      more.forEach(part -> all.addAll(part.records()));
      return trial.refusal(RuleSet.of(all));
    }

    /** Returns the parts that can still be added without the one at fault. */
    private List<Parts.Part> after(Parts.Part culprit, List<Parts.Part> parts) {
      var lost = new TreeSet<String>(List.of(culprit.key()));
      var rest = new ArrayList<Parts.Part>();
      for (var part : parts) {
        var isLost = part == culprit || part.refersTo().stream().anyMatch(lost::contains);
        if (!isLost) {
          rest.add(part);
        } else if (part.records().getFirst() instanceof Endpoint endpoint) {
          closed.add(part.key());
          rest.add(new Parts.Part(part.key(), List.of(closed(endpoint)), List.of()));
        } else {
          lost.add(part.key());
        }
      }
      return rest;
    }

    private RuleSet withoutIdleDenials() {
      var used = new TreeSet<String>(whole.records().keySet());
      for (var item : taken) {
        used.addAll(Parts.references(item));
      }
      var denials = denials().stream().map(Chain::key).filter(key -> !used.contains(key)).toList();
      return RuleSet.of(taken.stream().filter(item -> !denials.contains(item.key())).toList());
    }
  }

  private static Endpoint closed(Endpoint endpoint) {
    var family = endpoint.ip().family();
    var out = Optional.of(denial(Direction.EGRESS, family).id());
    return new Endpoint(
        endpoint.ip(),
        endpoint.pod(),
        Optional.of(denial(Direction.INGRESS, family).id()),
        out,
        out);
  }

  private static Collection<Chain> denials() {
    var chains = new ArrayList<Chain>();
    for (var family : Family.values()) {
      for (var direction : Direction.values()) {
        chains.add(denial(direction, family));
      }
    }
    return chains;
  }

  private static Chain denial(Direction direction, Family family) {
    return Chain.of(direction, family, List.of(), Action.DENY);
  }
}
