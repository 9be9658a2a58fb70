package io.portcullis.policy.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that have pods or networks of pods, by name and by number. */
final class Nodes {
  private static final int MANY = 64;

  private final Map<String, NodeRules> byName = new HashMap<>();

  /** Names by number. A free number still has the name of the last node that had it. */
  private final List<String> names = new ArrayList<>();

  private final BitSet free = new BitSet();

  /**
   * The last long list of nodes and its names. What many nodes use, the same nodes use at the next
   * event.
   */
  private BitSet lastNumbers = new BitSet();

  private List<String> lastNames = List.of();

  /** Returns the node of that name, and adds it if it is new. */
  NodeRules of(String name) {
    return known(name).orElseGet(() -> add(name));
  }

  Optional<NodeRules> known(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  private NodeRules add(String name) {
    var number = free.isEmpty() ? names.size() : free.nextSetBit(0);
    var node = new NodeRules(name, number);
    byName.put(name, node);
    if (number == names.size()) {
      names.add(name);
    } else {
      names.set(number, name);
      free.clear(number);
      lastNumbers = new BitSet();
      lastNames = List.of();
    }
    return node;
  }

  List<String> names(BitSet numbers) {
    if (numbers.equals(lastNumbers)) {
      return lastNames;
    }
    var found = new ArrayList<String>(numbers.cardinality());
    for (var at = numbers.nextSetBit(0); at >= 0; at = numbers.nextSetBit(at + 1)) {
      found.add(names.get(at));
    }
    if (found.size() >= MANY) {
      lastNumbers = (BitSet) numbers.clone();
      lastNames = List.copyOf(found);
    }
    return found;
  }

  void forgetIfEmpty(String name) {
    known(name)
        .filter(NodeRules::isEmpty)
        .ifPresent(
            node -> {
              byName.remove(name);
              free.set(node.number);
            });
  }
}
