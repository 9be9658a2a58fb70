package io.portcullis.compiler.publish;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The nodes whose rule sets may be other than their topics, in the order in which they came to be
 * so: one that changes all the time waits behind the others each time.
 */
final class Backlog {
  /** By node: the position in the cluster topic from which changes may be the causes. */
  private final Map<String, Long> nodes = new LinkedHashMap<>();

  /** One that waits already keeps its place and its position. */
  void add(String node, long causesFrom) {
    nodes.putIfAbsent(node, causesFrom);
  }

  void remove(String node) {
    nodes.remove(node);
  }

  void clear() {
    nodes.clear();
  }

  boolean contains(String node) {
    return nodes.containsKey(node);
  }

  /** Those that have waited longest first. */
  List<String> inOrder() {
    return List.copyOf(nodes.keySet());
  }

  long causesFrom(String node) {
    return nodes.get(node);
  }

  /** All that came before is compiled for every node but the given ones; absent: all of it. */
  OptionalLong openFrom(java.util.Collection<String> written) {
    return nodes.entrySet().stream()
        .filter(node -> !written.contains(node.getKey()))
        .mapToLong(Map.Entry::getValue)
        .min();
  }
}
