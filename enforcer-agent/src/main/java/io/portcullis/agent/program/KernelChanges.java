package io.portcullis.agent.program;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a change of the rule set is to the kernel. Records that only inform readers are left out.
 *
 * @param members of sets that both rule sets have
 * @param endpoints that come, go, or lead elsewhere
 */
record KernelChanges(
    List<SetContent> newSets,
    List<SetId> goneSets,
    SortedMap<SetId, Members> members,
    List<Chain> newChains,
    List<ChainId> goneChains,
    SortedSet<IpAddress> endpoints) {

  /** The members that one set gains and loses. */
  record Members(List<Element> added, List<Element> removed) {
    private Members() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private KernelChanges() {
    this(
        new ArrayList<>(),
        new ArrayList<>(),
        new TreeMap<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new TreeSet<>());
  }

  /**
   * Sorts out a change.
   *
   * @param change from the one rule set to the other
   */
  static KernelChanges of(RuleSet before, RuleSet after, RuleSetChange change) {
    var changes = new KernelChanges();
    change.puts().values().forEach(item -> changes.put(item, before, after));
    change.removals().values().forEach(item -> changes.remove(item, after));
    return changes;
  }

  private void put(NodeRecord item, RuleSet before, RuleSet after) {
    switch (item) {
      case AddressSet(var id, _) -> {
        if (before.set(id).isEmpty()) {
          newSets.add(after.set(id).orElseThrow());
        }
      }
      case Member(var set, var element) -> {
        if (before.set(set).isPresent() && !before.members(set).contains(element)) {
          of(set).added().add(element);
        }
      }
      case Chain chain -> {
        if (before.chain(chain.id()).isEmpty()) {
          newChains.add(chain);
        }
      }
      case Endpoint endpoint -> {
        var isThere =
            before
                .endpoint(endpoint.ip())
                .filter(there -> there.canonical().equals(endpoint.canonical()))
                .isPresent();
        if (!isThere) {
          endpoints.add(endpoint.ip());
        }
      }
      case PodCidr _ -> {} // a change of them is made as a whole
    }
  }

  private void remove(NodeRecord item, RuleSet after) {
    switch (item) {
      case AddressSet(var id, _) -> goneSets.add(id);
      case Member(var set, var element) -> {
        if (after.set(set).isPresent()) {
          of(set).removed().add(element);
        }
      }
      case Chain chain -> goneChains.add(chain.id());
      case Endpoint endpoint -> endpoints.add(endpoint.ip());
      case PodCidr _ -> {} // likewise
    }
  }

  private Members of(SetId set) {
    return members.computeIfAbsent(set, _ -> new Members());
  }

  /** Returns whether a set of ranges changes; its members cannot be changed one by one. */
  boolean changesNetworks() {
    return members.keySet().stream().anyMatch(set -> set.kind() == SetKind.NETWORKS);
  }
}
