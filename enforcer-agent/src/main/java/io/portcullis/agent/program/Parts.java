package io.portcullis.agent.program;

import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Divides a rule set into the parts that the kernel takes or refuses. */
final class Parts {
  private final RuleSet rules;
  private final SequencedMap<String, Part> parts = new LinkedHashMap<>();

  /**
   * One part: a set with its members, a chain, or an endpoint.
   *
   * @param refersTo keys of other parts
   */
  record Part(String key, List<NodeRecord> records, List<String> refersTo) {}

  private Parts(RuleSet rules) {
    this.rules = rules;
  }

  /** Returns all parts of a rule set, each after those that it refers to. */
  static List<Part> of(RuleSet rules) {
    var parts = new Parts(rules);
    rules.records().values().forEach(parts::add);
    return List.copyOf(parts.parts.values());
  }

  private void add(NodeRecord item) {
    if (item instanceof Member || parts.containsKey(item.key())) {
      return;
    }
    var refersTo = references(item);
    refersTo.forEach(key -> rules.record(key).ifPresent(this::add));
    parts.put(item.key(), new Part(item.key(), withMembers(item), refersTo));
  }

  private List<NodeRecord> withMembers(NodeRecord item) {
    var records = new ArrayList<NodeRecord>(List.of(item));
    if (item instanceof AddressSet(var id, _)) {
      rules.members(id).forEach(element -> records.add(new Member(id, element)));
    }
    return records;
  }

  static List<String> references(NodeRecord item) {
    var keys = new ArrayList<String>();
    switch (item) {
      case AddressSet _, PodCidr _ -> {}
      case Member(var set, _) -> keys.add("set/" + set);
      case Chain chain -> {
        for (var rule : chain.rules()) {
          rule.peers().ifPresent(set -> keys.add("set/" + set));
          addNext(rule.action(), keys);
        }
        addNext(chain.end(), keys);
      }
      case Endpoint endpoint -> {
        for (var way : TrafficPath.values()) {
          endpoint.chain(way).ifPresent(id -> keys.add("chain/" + id));
        }
      }
    }
    return keys;
  }

  private static void addNext(Action action, List<String> keys) {
    switch (action) {
      case Action.Accept _, Action.Deny _ -> {}
      case Action.Continue(var chain) -> keys.add("chain/" + chain);
    }
  }
}
