package io.portcullis.compiler.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that have pods, by name and by number. */
final class Nodes {
  private final Map<String, NodeRules> byName = new HashMap<>();
  private final List<Optional<NodeRules>> byNumber = new ArrayList<>();
  private final BitSet free = new BitSet();

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
    var number = free.isEmpty() ? byNumber.size() : free.nextSetBit(0);
    var node = new NodeRules(name, number);
    byName.put(name, node);
    if (number == byNumber.size()) {
      byNumber.add(Optional.of(node));
    } else {
      byNumber.set(number, Optional.of(node));
      free.clear(number);
    }
    return node;
  }

  List<String> names(BitSet numbers) {
    var names = new ArrayList<String>(numbers.cardinality());
    numbers.stream()
        .forEach(number -> byNumber.get(number).ifPresent(node -> names.add(node.name)));
    return names;
  }

  void forgetIfEmpty(NodeRules node) {
    if (node.isEmpty() && byName.remove(node.name, node)) {
      byNumber.set(node.number, Optional.empty());
      free.set(node.number);
    }
  }
}
