package io.portcullis.nft;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.nft.NftDump.Unexpected;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Collects what a listing holds: records of the rule set, what is not as {@link NftRenderer} writes
 * it, and which objects of every table have not been found yet.
 */
final class Findings {
  private static final List<String> OF_EVERY_OBJECT = List.of("family", "table", "name", "handle");

  private final List<NodeRecord> records = new ArrayList<>();
  private final List<Unexpected> unexpected = new ArrayList<>();
  private final SortedSet<String> missing = new TreeSet<>();

  Findings() {
    missing.add("set/" + ObjectNames.POD_LINKS);
    for (var deny : DenyChain.all()) {
      missing.add("set/" + deny.set());
      missing.add("chain/" + deny.chain());
    }
    missing.add("chain/" + GuardChain.NAME);
    missing.add("set/" + ObjectNames.GUARD_LINKS);
    missing.add("set/" + ObjectNames.OPEN_CIDRS);
    GuardChain.sets().forEach(set -> missing.add("set/" + set));
    missing.add("chain/" + ObjectNames.CONNECTIONS);
    FixedChain.all(List.of()).forEach(fixed -> missing.add("chain/" + fixed.name()));
    RejudgeChains.all(CutMark.DEFAULT).forEach(fixed -> missing.add("chain/" + fixed.name()));
    for (var family : Family.values()) {
      missing.add("set/" + ObjectNames.self(family));
      missing.add("set/" + ObjectNames.known(family));
      missing.add("set/" + ObjectNames.narrowed(family));
      for (var path : TrafficPath.values()) {
        missing.add("map/" + ObjectNames.verdicts(path, family));
        missing.add("map/" + ObjectNames.twins(path, family));
      }
    }
  }

  void add(NodeRecord item) {
    records.add(item);
  }

  /** Notes an object that every table has. */
  void found(String key) {
    missing.remove(key);
  }

  /** Notes content that is not as {@link NftRenderer} writes it. */
  void unexpected(String key, String content) {
    unexpected.add(new Unexpected(key, content));
  }

  /** Returns an object's properties beyond those that nft lists of every object. */
  static ObjectNode properties(ObjectNode object) {
    var rest = object.deepCopy();
    rest.remove(OF_EVERY_OBJECT);
    return rest;
  }

  /** Returns whether the object has no property beyond those; notes the others as unexpected. */
  boolean hasOnly(String key, ObjectNode object, List<String> known) {
    var rest = properties(object);
    rest.remove(known);
    if (!rest.isEmpty()) {
      unexpected(key, rest.toString());
    }
    return rest.isEmpty();
  }

  RuleSet rules() {
    return RuleSet.of(records);
  }

  /** Returns everything that is not as it should be, what is missing included. */
  List<Unexpected> unexpected() {
    var all = new ArrayList<>(unexpected);
    missing.forEach(key -> all.add(new Unexpected(key, "missing")));
    return all.stream().sorted().toList();
  }
}
