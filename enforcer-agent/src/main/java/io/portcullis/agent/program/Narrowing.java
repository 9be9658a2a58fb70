package io.portcullis.agent.program;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the endpoints whose live connections a change may forbid or allow again (C2). */
final class Narrowing {
  private final RuleSet before;
  private final RuleSet after;

  private Narrowing(RuleSet before, RuleSet after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Returns the endpoints that the change narrows.
   *
   * @param restricted sets whose change lets less pass
   * @param opens whether anything in the change lets more pass
   */
  static SortedSet<IpAddress> of(
      RuleSet before,
      RuleSet after,
      KernelChanges changes,
      Set<SetId> restricted,
      boolean opens,
      LiveState live) {
    var narrowing = new Narrowing(before, after);
    var narrowed = new TreeSet<IpAddress>();
    changes.endpoints().stream().filter(narrowing::isRestricted).forEach(narrowed::add);
    narrowed.addAll(narrowing.lookingInto(restricted));
    if (live.narrowed().isEmpty() && (opens || !narrowed.isEmpty())) {
      narrowed.addAll(live.cutOf(after));
    }
    return narrowed;
  }

  /** Returns whether an endpoint has another chain on some path than before. */
  private boolean isRestricted(IpAddress ip) {
    for (var path : TrafficPath.values()) {
      var now = after.endpoint(ip).flatMap(endpoint -> endpoint.chain(path));
      var was = before.endpoint(ip).flatMap(endpoint -> endpoint.chain(path));
      if (now.isPresent() && !now.equals(was)) {
        return true;
      }
    }
    return false;
  }

  private Set<IpAddress> lookingInto(Set<SetId> sets) {
    var found = new HashSet<IpAddress>();
    if (sets.isEmpty()) {
      return found;
    }
    var chains = chainsLookingInto(sets);
    for (var endpoint : after.endpoints()) {
      for (var path : TrafficPath.values()) {
        if (endpoint.chain(path).filter(chains::contains).isPresent()) {
          found.add(endpoint.ip());
        }
      }
    }
    return found;
  }

  /** Returns the chains with a rule over one of the sets, and those that lead to such chains. */
  private Set<ChainId> chainsLookingInto(Set<SetId> sets) {
    var found = new HashSet<ChainId>();
    for (var chain : after.chains()) {
      if (looksInto(chain, sets)) {
        found.add(chain.id());
      }
    }
    while (addLeading(found)) {
      // until no chain leads to one of them any more
    }
    return found;
  }

  private static boolean looksInto(Chain chain, Set<SetId> sets) {
    for (var rule : chain.rules()) {
      if (rule.peers().filter(sets::contains).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private boolean addLeading(Set<ChainId> found) {
    var grown = false;
    for (var chain : after.chains()) {
      grown |= leadsInto(chain, found) && found.add(chain.id());
    }
    return grown;
  }

  private static boolean leadsInto(Chain chain, Set<ChainId> found) {
    for (var rule : chain.rules()) {
      if (leadsInto(rule.action(), found)) {
        return true;
      }
    }
    return leadsInto(chain.end(), found);
  }

  private static boolean leadsInto(Action action, Set<ChainId> found) {
    return action instanceof Action.Continue(var next) && found.contains(next);
  }
}
