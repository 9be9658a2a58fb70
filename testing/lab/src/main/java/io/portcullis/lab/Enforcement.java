package io.portcullis.lab;

import io.portcullis.lab.observe.NodeView;
import java.util.List;
import java.util.SortedMap;

/**
 * What the nodes enforce at one moment, beside what they should.
 *
 * @param state what the manifests say
 * @param digests the digest that each node should hold, by node
 * @param nodes what each node's agent says, by node
 */
public record Enforcement(
    LabState state, SortedMap<String, String> digests, SortedMap<String, NodeView> nodes) {

  /** Tells whether each node's agent says that it enforces what the manifests say. */
  public boolean converged() {
    return behind().isEmpty();
  }

  /** Returns the nodes that do not, each with what its agent says. */
  public List<String> behind() {
    return digests.entrySet().stream()
        .filter(node -> !view(node.getKey()).holds(node.getValue()))
        .map(node -> node.getKey() + ": " + why(view(node.getKey())))
        .toList();
  }

  private NodeView view(String node) {
    return nodes.getOrDefault(node, NodeView.UNKNOWN);
  }

  private static String why(NodeView view) {
    return view.error().orElse("does not enforce the manifests yet");
  }
}
