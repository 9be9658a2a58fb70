package io.portcullis.agent.program;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Rejudging;
import io.portcullis.nft.Target.ChainTarget;
import io.portcullis.nft.Target.Conjunction;
import io.portcullis.nft.Target.SingleChain;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.ChainOrder;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The edits that lead from judging the live connections of some endpoints again to judging those of
 * others, or by other rules (C2).
 *
 * @param prepare adds what nothing leads to yet
 * @param restrict narrows endpoints, and leads those that were narrowed before to what both rules
 *     accept; empty where one transaction does it all
 * @param open narrows endpoints where that is not done yet, and leads all to the new rules alone
 * @param cleanUp removes what nothing leads to any more
 */
record RejudgeEdits(List<Edit> prepare, List<Edit> restrict, List<Edit> open, List<Edit> cleanUp) {
  private RejudgeEdits() {
    this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Returns what leads from the one to the other in one transaction of packets' rules. */
  static RejudgeEdits between(Rejudging before, Rejudging after) {
    var edits = new RejudgeEdits();
    edits.twins(before, after);
    for (var path : TrafficPath.values()) {
      lead(path, targets(before.entries(path)), targets(after.entries(path)), edits.open);
    }
    narrow(before, after, edits.open);
    return edits;
  }

  /**
   * Returns what leads from the one to the other while sets and chains change. Meanwhile twins mark
   * nothing: a connection that moves from one accept set to another is in neither for a moment.
   */
  static RejudgeEdits whileSetsChange(Rejudging before, Rejudging after) {
    var edits = new RejudgeEdits();
    edits.twins(before, after);
    var conjunctions = new TreeMap<String, Conjunction>();
    for (var path : TrafficPath.values()) {
      var old = targets(before.entries(path));
      var next = targets(after.entries(path));
      var meanwhile = meanwhile(old, next, after, conjunctions);
      lead(path, old, meanwhile, edits.restrict);
      lead(path, meanwhile, next, edits.open);
    }
    narrow(before, after, edits.restrict);
    edits.prepare.add(new Edit.PauseCutting());
    edits.open.add(new Edit.ResumeCutting());
    conjunctions.values().forEach(both -> edits.prepare.add(new Edit.AddTwinConjunction(both)));
    if (!conjunctions.isEmpty()) {
      edits.cleanUp.addFirst(new Edit.RemoveTwins(List.copyOf(conjunctions.values())));
    }
    return edits;
  }

  /** Returns what lets a new table judge all live connections again. */
  static List<Edit> ofNewTable(RuleSet rules) {
    var nothing = new Rejudging(new TreeSet<>(), rules);
    return between(nothing, new Rejudging(LiveState.endpoints(rules), rules)).atOnce();
  }

  /** Returns all edits, for one transaction: where endpoints are only narrowed no more. */
  List<Edit> atOnce() {
    return Stream.of(prepare, restrict, open, cleanUp).flatMap(List::stream).toList();
  }

  private void twins(Rejudging before, Rejudging after) {
    var come = after.twins();
    var go = before.twins();
    var common = new TreeSet<>(come.keySet());
    common.retainAll(go.keySet());
    come.keySet().removeAll(common);
    go.keySet().removeAll(common);
    if (!come.isEmpty()) {
      prepare.add(new Edit.AddTwins(ChainOrder.byReference(come.values())));
    }
    if (!go.isEmpty()) {
      cleanUp.add(
          new Edit.RemoveTwins(
              go.keySet().stream().map(id -> (ChainTarget) new SingleChain(id)).toList()));
    }
  }

  private static SortedMap<IpAddress, ChainTarget> targets(SortedMap<IpAddress, ChainId> entries) {
    var targets = new TreeMap<IpAddress, ChainTarget>();
    entries.forEach((ip, chain) -> targets.put(ip, new SingleChain(chain)));
    return targets;
  }

  /**
   * Returns where addresses lead while sets and chains change: to both where another chain takes
   * the place of one. An endpoint that was not narrowed has nothing that its old chain denies.
   */
  private static SortedMap<IpAddress, ChainTarget> meanwhile(
      SortedMap<IpAddress, ChainTarget> old,
      SortedMap<IpAddress, ChainTarget> next,
      Rejudging after,
      SortedMap<String, Conjunction> conjunctions) {
    var meanwhile = new TreeMap<>(next);
    old.forEach(
        (ip, first) -> {
          if (!after.narrowed().contains(ip)) {
            return;
          }
          var second = next.get(ip);
          if (second instanceof SingleChain(var to)
              && first instanceof SingleChain(var from)
              && !from.equals(to)) {
            var both = new Conjunction(from, to);
            conjunctions.put(both.name(), both);
            meanwhile.put(ip, both);
          } else {
            meanwhile.put(ip, first);
          }
        });
    return meanwhile;
  }

  private static void lead(
      TrafficPath path,
      SortedMap<IpAddress, ChainTarget> before,
      SortedMap<IpAddress, ChainTarget> after,
      List<Edit> edits) {
    for (var family : Family.values()) {
      var go = differing(family, before, after);
      var come = differing(family, after, before);
      if (!go.isEmpty()) {
        edits.add(new Edit.RemoveTwinEntries(path, family, List.copyOf(go.keySet())));
      }
      if (!come.isEmpty()) {
        edits.add(new Edit.AddTwinEntries(path, family, come));
      }
    }
  }

  private static SortedMap<IpAddress, ChainTarget> differing(
      Family family,
      SortedMap<IpAddress, ChainTarget> targets,
      SortedMap<IpAddress, ChainTarget> others) {
    var differing = new TreeMap<IpAddress, ChainTarget>();
    targets.forEach(
        (ip, target) -> {
          if (ip.family() == family && !target.equals(others.get(ip))) {
            differing.put(ip, target);
          }
        });
    return differing;
  }

  private static void narrow(Rejudging before, Rejudging after, List<Edit> edits) {
    for (var family : Family.values()) {
      var come = of(family, after.narrowed(), before.narrowed());
      var go = of(family, before.narrowed(), after.narrowed());
      if (!come.isEmpty()) {
        edits.add(new Edit.AddNarrowed(family, come));
      }
      if (!go.isEmpty()) {
        edits.add(new Edit.RemoveNarrowed(family, go));
      }
    }
    if (before.narrowed().isEmpty() && !after.narrowed().isEmpty()) {
      edits.add(new Edit.BeginRejudging());
    }
    if (!before.narrowed().isEmpty() && after.narrowed().isEmpty()) {
      edits.add(new Edit.EndRejudging());
    }
  }

  private static List<IpAddress> of(
      Family family, Collection<IpAddress> all, Collection<IpAddress> without) {
    return all.stream().filter(ip -> ip.family() == family && !without.contains(ip)).toList();
  }
}
