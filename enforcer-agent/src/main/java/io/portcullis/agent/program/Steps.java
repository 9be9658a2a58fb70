package io.portcullis.agent.program;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.Edit;
import io.portcullis.nft.Rejudging;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Divides a change of versions into transactions that are safe for packets under way. The kernel
 * reads sets and maps afresh at each look-up, so a packet may meet the old content at the first
 * look-up and the new content at the next.
 *
 * <pre>
 *   prepare       new sets, chains and twins, which nothing leads to yet
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
 *
 * <p>Live connections are judged again by the new version alone, as soon as its sets are complete
 * (C2): what it lets pass loses nothing to the conjunction. Where endpoints are narrowed already,
 * their twins go through the same steps as the chains do.
 */
final class Steps {
  private final RuleSet before;
  private final RuleSet after;
  private final KernelChanges changes;
  private final LiveState live;
  private final Map<StepName, List<Edit>> edits = new EnumMap<>(StepName.class);

  /** The order in which nothing passes that neither version lets pass. */
  private static final List<StepName> RESTRICTING_FIRST =
      List.of(
          StepName.PREPARE,
          StepName.RESTRICT,
          StepName.OPEN_MEMBERS,
          StepName.OPEN_CHAINS,
          StepName.CLEAN_UP);

  /** The order that loses nothing, for members of sets that accept in one direction. */
  private static final List<StepName> OPENING_FIRST =
      List.of(StepName.PREPARE, StepName.OPEN_MEMBERS, StepName.RESTRICT, StepName.CLEAN_UP);

  private Steps(RuleSet before, RuleSet after, KernelChanges changes, LiveState live) {
    this.before = before;
    this.after = after;
    this.changes = changes;
    this.live = live;
  }

  /**
   * The transactions of a change.
   *
   * @param edits in their order, without empty ones
   * @param narrowed endpoints whose live connections they let the kernel judge again
   */
  record Found(Map<StepName, List<Edit>> edits, SortedSet<IpAddress> narrowed) {}

  /**
   * Returns the transactions.
   *
   * @param change from the one rule set to the other
   * @param live what is known of live connections
   * @return empty if the change cannot be made in steps
   */
  static Optional<Found> between(
      RuleSet before, RuleSet after, RuleSetChange change, Stamp stamp, LiveState live) {
    var changes = KernelChanges.of(before, after, change);
    var uses = Uses.of(changes.members().keySet(), before, after);
    if (changes.changesNetworks() || change.changesPodCidrs() || uses.areMixed()) {
      return Optional.empty();
    }
    return Optional.of(new Steps(before, after, changes, live).plan(uses, stamp));
  }

  private Found plan(Uses uses, Stamp stamp) {
    prepare();
    var opening = uses.opening(changes.members());
    lead();
    cleanUp();
    // nothing that stays allowed is lost on the way, as it is in one set or in the other
    var order =
        edits.isEmpty() && uses.areAcceptedInOneDirection() ? OPENING_FIRST : RESTRICTING_FIRST;
    put(StepName.RESTRICT, uses.restricting(changes.members()));
    put(StepName.OPEN_MEMBERS, opening);
    var narrowed =
        Narrowing.of(
            before,
            after,
            changes,
            uses.restricted(changes.members()),
            edits.containsKey(StepName.OPEN_MEMBERS) || edits.containsKey(StepName.OPEN_CHAINS),
            live);
    rejudge(narrowed, order);
    return new Found(inOrder(order, stamp), narrowed);
  }

  private void rejudge(SortedSet<IpAddress> narrowed, List<StepName> order) {
    var next = live.after(narrowed, after).narrowed();
    var old = new Rejudging(live.narrowed(), before);
    var isChanging = !live.narrowed().isEmpty() && order == RESTRICTING_FIRST && switchesTwice();
    var rejudging =
        isChanging
            ? RejudgeEdits.whileSetsChange(old, new Rejudging(next, after))
            : RejudgeEdits.between(old, new Rejudging(next, after));
    put(StepName.PREPARE, rejudging.prepare());
    put(StepName.RESTRICT, rejudging.restrict());
    put(isChanging ? lastSwitch() : completesSets(order), rejudging.open());
    putFirst(StepName.CLEAN_UP, rejudging.cleanUp());
  }

  private StepName lastSwitch() {
    return Stream.of(StepName.OPEN_CHAINS, StepName.OPEN_MEMBERS)
        .filter(edits::containsKey)
        .findFirst()
        .orElseThrow();
  }

  private boolean switchesTwice() {
    return Stream.of(StepName.RESTRICT, StepName.OPEN_MEMBERS, StepName.OPEN_CHAINS)
            .filter(edits::containsKey)
            .count()
        > 1;
  }

  /** Returns the step after which all sets have their new members. */
  private StepName completesSets(List<StepName> order) {
    return order.stream()
        .filter(step -> step == StepName.RESTRICT || step == StepName.OPEN_MEMBERS)
        .filter(edits::containsKey)
        .reduce((_, last) -> last)
        .orElse(edits.containsKey(StepName.OPEN_CHAINS) ? StepName.OPEN_CHAINS : StepName.RESTRICT);
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

  /** Puts edits before those that the step has: sets go after the twins that look into them. */
  private void putFirst(StepName step, List<Edit> more) {
    if (!more.isEmpty()) {
      edits.computeIfAbsent(step, _ -> new ArrayList<>()).addAll(0, more);
    }
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
