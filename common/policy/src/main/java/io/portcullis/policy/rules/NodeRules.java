package io.portcullis.policy.rules;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.PolicyProfile.Paths;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one node needs: its endpoints, their chains and the sets of these chains. */
final class NodeRules {
  final String name;

  /** The node's number among all nodes. A new node may get the number of one that is gone. */
  final int number;

  private final Map<IpAddress, Local> locals = new HashMap<>();

  /**
   * The chains by id, with how many endpoints use each. Chains with the same id have the same
   * content and stand for different policies.
   */
  private final Map<ChainId, Map<LiveChain, Integer>> chains = new HashMap<>();

  /** The sets, with how many of the chains use each. */
  private final Map<LiveSet, Integer> sets = new HashMap<>();

  /** The networks of the node's pods. They are disjoint, and none adjoins another. */
  private List<PodCidr> podCidrs = List.of();

  /** The rule set that was returned last. The changes below are not in it yet. */
  private Optional<RuleSet> rules = Optional.empty();

  private final Set<IpAddress> changedEndpoints = new HashSet<>();
  private final Set<ChainId> changedChains = new HashSet<>();
  private final Set<SetId> goneSets = new HashSet<>();

  /** An endpoint and all chains that it needs. */
  record Local(Endpoint endpoint, Paths paths) {}

  NodeRules(String name, int number) {
    this.name = name;
    this.number = number;
  }

  boolean isEmpty() {
    return locals.isEmpty() && podCidrs.isEmpty();
  }

  Optional<Local> local(IpAddress address) {
    return Optional.ofNullable(locals.get(address));
  }

  /** Takes the networks of the node's pods, and tells whether they are other ones than before. */
  boolean take(List<PodCidr> cidrs) {
    var isNew = !podCidrs.equals(cidrs);
    podCidrs = cidrs;
    return isNew;
  }

  /** Adds or replaces an endpoint. */
  void put(IpAddress address, Local local) {
    local.paths().chains().forEach(this::use);
    Optional.ofNullable(locals.put(address, local))
        .ifPresent(before -> before.paths().chains().forEach(this::leave));
    changed(changedEndpoints, address);
  }

  /** Removes an endpoint, if there is one. */
  void remove(IpAddress address) {
    Optional.ofNullable(locals.remove(address))
        .ifPresent(before -> before.paths().chains().forEach(this::leave));
    changed(changedEndpoints, address);
  }

  private void use(LiveChain chain) {
    var all = chains.computeIfAbsent(chain.chain.id(), _ -> new HashMap<>(2));
    if (all.merge(chain, 1, Integer::sum) == 1) {
      changed(changedChains, chain.chain.id());
      for (var set : chain.sets) {
        if (sets.merge(set, 1, Integer::sum) == 1) {
          set.join(number);
        }
      }
    }
  }

  private void leave(LiveChain chain) {
    var all = chains.get(chain.chain.id());
    if (all.merge(chain, -1, Integer::sum) > 0) {
      return;
    }
    all.remove(chain);
    if (all.isEmpty()) {
      chains.remove(chain.chain.id());
    }
    changed(changedChains, chain.chain.id());
    for (var set : chain.sets) {
      if (sets.merge(set, -1, Integer::sum) == 0) {
        sets.remove(set);
        set.leave(number);
        changed(goneSets, set.id());
      }
    }
  }

  /** Notes a change, unless nobody has asked for the rule set yet. */
  private <K> void changed(Set<K> among, K key) {
    if (rules.isPresent()) {
      among.add(key);
    }
  }

  /** Returns the wide sets that belong to the node's rule set. */
  List<SetContent> wide() {
    return sets.keySet().stream()
        .filter(set -> set.wide)
        .map(set -> set.content)
        .sorted(Comparator.comparing(SetContent::id))
        .toList();
  }

  /**
   * Returns the present rule set without wide sets. A call costs what has changed since the last
   * one.
   */
  RuleSet rules() {
    var now = rules.map(this::edited).orElseGet(this::all);
    rules = Optional.of(now);
    changedEndpoints.clear();
    changedChains.clear();
    goneSets.clear();
    return now;
  }

  private RuleSet all() {
    var records = new ArrayList<NodeRecord>();
    locals.values().forEach(local -> records.add(local.endpoint()));
    chains.values().forEach(all -> records.add(united(all)));
    records.addAll(podCidrs);
    return RuleSet.of(
        records, sets.keySet().stream().filter(set -> !set.wide).map(set -> set.content).toList());
  }

  private RuleSet edited(RuleSet before) {
    var edit = before.edit();
    for (var address : changedEndpoints) {
      local(address)
          .ifPresentOrElse(local -> edit.put(local.endpoint()), () -> edit.remove(address));
    }
    for (var id : changedChains) {
      Optional.ofNullable(chains.get(id))
          .ifPresentOrElse(all -> edit.put(united(all)), () -> edit.remove(id));
    }
    goneSets.forEach(edit::remove);
    if (!Set.copyOf(before.podCidrs()).equals(Set.copyOf(podCidrs))) {
      before.podCidrs().forEach(gone -> edit.remove(gone.range()));
      podCidrs.forEach(edit::put);
    }
    for (var set : sets.keySet()) {
      if (set.wide) {
        edit.remove(set.id());
      } else if (before.set(set.id()).filter(held -> held == set.content).isEmpty()
          || goneSets.contains(set.id())) {
        edit.put(set.content);
      }
    }
    return before.with(edit);
  }

  /** Merges chains with the same content into one that stands for the policies of all. */
  private static Chain united(Map<LiveChain, Integer> all) {
    return Chain.united(all.keySet().stream().map(live -> live.chain).toList());
  }
}
