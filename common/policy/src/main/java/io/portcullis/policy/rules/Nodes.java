package io.portcullis.policy.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that have pods, by name and by number. */
final class Nodes {
  private static final int MANY = 64;

  private final Map<String, NodeRules> byName = new HashMap<>();

  /** By number; of one that is free the last node that had it. */
  private final List<String> names = new ArrayList<>();

  private final BitSet free = new BitSet();

  /** The last ones that were many: what many nodes use, the same ones use at the next event. */
  private BitSet lastNumbers = new BitSet();

  private List<String> lastNames = List.of();

  /**
   * The node that a pod is bound to.
   *
   * @param name empty: to none
   */
  Optional<NodeRules> of(String name) {
    return name.isEmpty() ? Optional.empty() : known(name).or(() -> Optional.of(add(name)));
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

  void forgetIfEmpty(NodeRules node) {
    if (node.isEmpty() && byName.remove(node.name, node)) {
      free.set(node.number);
    }
  }
}
