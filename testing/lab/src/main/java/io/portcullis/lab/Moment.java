package io.portcullis.lab;

import io.portcullis.lab.observe.NodeView;
import java.util.List;
import java.util.SortedMap;

/**
 * What the nodes hold beside what they should.
 *
 * @param digests of what each node is to hold
 */
public record Moment(
    LabState state, SortedMap<String, String> digests, SortedMap<String, NodeView> nodes) {

  /** Whether each node's agent says that it enforces what the manifests say. */
  public boolean converged() {
    return behind().isEmpty();
  }

  /** The nodes that do not, with what their agents say. */
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
    return view.error().orElse("does not hold yet what the manifests say");
  }
}
