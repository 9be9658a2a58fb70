package io.portcullis.agent.program;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Stamp;
import io.portcullis.nft.Target;
import io.portcullis.nft.Target.ChainTarget;
import io.portcullis.nft.Target.Conjunction;
import io.portcullis.nft.Target.NoChain;
import io.portcullis.nft.Target.SingleChain;
import io.portcullis.ruleset.ChainOrder;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Divides a change of versions into transactions that are safe for packets under way. The kernel
 * reads sets and maps afresh at each look-up, so a packet may meet the old content at the first
 * look-up and the new content at the next.
 *
 * <pre>
 *   prepare       new sets and chains, which nothing leads to yet
 *   restrict      members leave accept sets and join deny sets; addresses whose chain changes lead
 *                 to both chains
 *   open members  members join accept sets and leave deny sets
 *   open chains   addresses lead to the new chain alone
 *   clean up      what nothing leads to any more
 * </pre>
 *
 * <p>Each step only restricts or only opens. Whatever passes while restricting, the old version
 * would let pass too; whatever passes while opening, the new version lets pass too. That needs sets
 * whose rules all accept, or all deny. Where a rule that passes on to the next tier looks into a
 * set that changes, there are no steps.
 */
final class Steps {
  private final RuleSet before;
  private final RuleSet after;
  private final KernelChanges changes;
  private final Map<StepName, List<Edit>> edits = new EnumMap<>(StepName.class);

  private Steps(RuleSet before, RuleSet after, KernelChanges changes) {
    this.before = before;
    this.after = after;
    this.changes = changes;
  }

  /**
   * Returns the transactions in their order, without empty ones.
   *
   * @param change from the one rule set to the other
   * @return empty if the change cannot be made in steps
   */
  static Optional<Map<StepName, List<Edit>>> between(
      RuleSet before, RuleSet after, RuleSetChange change, Stamp stamp) {
    var changes = KernelChanges.of(before, after, change);
    var uses = Uses.of(changes.members().keySet(), before, after);
    if (changes.changesNetworks() || change.changesPodCidrs() || uses.areMixed()) {
      return Optional.empty();
    }
    return Optional.of(new Steps(before, after, changes).plan(uses, stamp));
  }

  private Map<StepName, List<Edit>> plan(Uses uses, Stamp stamp) {
    prepare();
    var restricting = uses.restricting(changes.members());
    var opening = uses.opening(changes.members());
    lead();
    cleanUp();
    if (edits.isEmpty() && uses.areAcceptedInOneDirection()) {
      // nothing that stays allowed is lost on the way, as it is in one set or in the other
      put(StepName.OPEN_MEMBERS, opening);
      put(StepName.RESTRICT, restricting);
      return inOrder(List.of(StepName.OPEN_MEMBERS, StepName.RESTRICT), stamp);
    }
    put(StepName.RESTRICT, restricting);
    put(StepName.OPEN_MEMBERS, opening);
    return inOrder(
        List.of(
            StepName.PREPARE,
            StepName.RESTRICT,
            StepName.OPEN_MEMBERS,
            StepName.OPEN_CHAINS,
            StepName.CLEAN_UP),
        stamp);
  }

  /** Orders the steps. The one that completes the version has its stamp; clean-up may follow. */
  private Map<StepName, List<Edit>> inOrder(List<StepName> order, Stamp stamp) {
    var ordered = new LinkedHashMap<StepName, List<Edit>>();
    for (var name : order) {
      if (edits.containsKey(name)) {
        ordered.put(name, edits.get(name));
      }
    }
    var last = ordered.keySet().stream().filter(name -> name != StepName.CLEAN_UP).toList();
    var completing = last.isEmpty() ? StepName.STAMP : last.getLast();
    ordered.computeIfAbsent(completing, _ -> new ArrayList<>()).add(new Edit.SetStamp(stamp));
    return ordered;
  }

  private void put(StepName step, Edit edit) {
    edits.computeIfAbsent(step, _ -> new ArrayList<>()).add(edit);
  }

  private void put(StepName step, List<Edit> more) {
    more.forEach(edit -> put(step, edit));
  }

  private void prepare() {
    changes.newSets().forEach(set -> put(StepName.PREPARE, new Edit.AddSet(set)));
    ChainOrder.byReference(changes.newChains())
        .forEach(chain -> put(StepName.PREPARE, new Edit.AddChain(chain)));
  }

  /** What is done to the elements of one verdict map. */
  private record Leads(
      SequencedSet<IpAddress> restricted,
      SortedMap<IpAddress, Target> restrictedTo,
      SequencedSet<IpAddress> opened,
      SortedMap<IpAddress, Target> openedTo) {
    Leads() {
      this(new LinkedHashSet<>(), new TreeMap<>(), new LinkedHashSet<>(), new TreeMap<>());
    }
  }

  private void lead() {
    var conjunctions = new TreeMap<String, Conjunction>();
    for (var way : TrafficPath.values()) {
      for (var family : Family.values()) {
        var leads = new Leads();
        for (var ip : changes.endpoints()) {
          if (ip.family() == family) {
            lead(ip, target(before, ip, way), target(after, ip, way), leads, conjunctions);
          }
        }
        put(StepName.RESTRICT, way, family, leads.restricted(), leads.restrictedTo());
        put(StepName.OPEN_CHAINS, way, family, leads.opened(), leads.openedTo());
      }
    }
    conjunctions.values().forEach(both -> put(StepName.PREPARE, new Edit.AddConjunction(both)));
    self();
    if (!conjunctions.isEmpty()) {
      put(StepName.CLEAN_UP, new Edit.RemoveChains(List.copyOf(conjunctions.values())));
    }
  }

  /** Returns where an address leads to; empty if it is no endpoint. */
  private static Optional<Target> target(RuleSet rules, IpAddress ip, TrafficPath way) {
    return rules.endpoint(ip).map(endpoint -> Target.of(endpoint.chain(way)));
  }

  private static void lead(
      IpAddress ip,
      Optional<Target> old,
      Optional<Target> next,
      Leads leads,
      Map<String, Conjunction> conjunctions) {
    if (old.equals(next)) {
      return;
    }
    if (old.isEmpty()) { // C1: known and restricted at once
      leads.restrictedTo().put(ip, next.orElseThrow());
      return;
    }
    if (next.isEmpty()) {
      leads.opened().add(ip);
      return;
    }
    switch (old.get()) {
      case SingleChain(var first) when next.get() instanceof SingleChain(var second) -> {
        var both = new Conjunction(first, second);
        conjunctions.put(both.name(), both);
        leads.restricted().add(ip);
        leads.restrictedTo().put(ip, both);
        leads.opened().add(ip);
        leads.openedTo().put(ip, next.get());
      }
      case SingleChain _ -> {
        leads.opened().add(ip);
        leads.openedTo().put(ip, next.get());
      }
      case Conjunction _, NoChain _ -> {
        leads.restricted().add(ip);
        leads.restrictedTo().put(ip, next.get());
      }
    }
  }

  private void put(
      StepName step,
      TrafficPath way,
      Family family,
      SequencedSet<IpAddress> from,
      SortedMap<IpAddress, Target> to) {
    if (!from.isEmpty()) {
      put(step, new Edit.RemoveVerdictEntries(way, family, List.copyOf(from)));
    }
    if (!to.isEmpty()) {
      put(step, new Edit.AddVerdictEntries(way, family, to));
    }
  }

  private void self() {
    for (var family : Family.values()) {
      var come =
          changes.endpoints().stream()
              .filter(ip -> ip.family() == family && before.endpoint(ip).isEmpty())
              .toList();
      var go =
          changes.endpoints().stream()
              .filter(ip -> ip.family() == family && after.endpoint(ip).isEmpty())
              .toList();
      if (!come.isEmpty()) {
        put(StepName.RESTRICT, new Edit.AddEndpoints(family, come));
      }
      if (!go.isEmpty()) {
        put(StepName.RESTRICT, new Edit.RemoveEndpoints(family, go));
      }
    }
  }

  private void cleanUp() {
    if (!changes.goneChains().isEmpty()) {
      put(
          StepName.CLEAN_UP,
          new Edit.RemoveChains(
              changes.goneChains().stream().map(id -> (ChainTarget) new SingleChain(id)).toList()));
    }
    changes.goneSets().forEach(id -> put(StepName.CLEAN_UP, new Edit.RemoveSet(id)));
  }
}
