package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Gives every pod in the user's files a node and addresses. The same files give the same result,
 * and what a pod or node was assigned stays when other files come and go.
 */
public final class Derivation {
  /** The name of the file with the nodes that the user's manifests do not define. */
  static final String NODES_FILE = "portcullis-lab-nodes.json";

  private final LabNodes labNodes = new LabNodes();
  private final PodPlaces places = new PodPlaces();

  /**
   * Derives all files.
   *
   * @param files the user's files, by relative name
   * @return files with the same names and perhaps one more; where nothing was missing, the bytes
   *     are unchanged
   */
  public SortedMap<String, byte[]> derive(SortedMap<String, byte[]> files) {
    var manifests = new TreeMap<String, EditableManifest>();
    files.forEach((name, bytes) -> manifests.put(name, EditableManifest.of(bytes)));
    var nodeObjects = new TreeMap<String, ObjectNode>();
    objects(manifests.values(), "Node").forEach(node -> nodeObjects.putIfAbsent(name(node), node));
    var pods = new TreeMap<String, List<ObjectNode>>();
    objects(manifests.values(), "Pod")
        .forEach(
            pod ->
                pods.computeIfAbsent(namespace(pod) + "/" + name(pod), _ -> new ArrayList<>())
                    .add(pod));
    var nodes = labNodes.nodes(nodeObjects, namedNodes(pods));
    places.place(pods, nodes);
    var derived = new TreeMap<String, byte[]>();
    manifests.forEach((name, manifest) -> derived.put(name, manifest.bytes()));
    var own = new TreeMap<>(nodes);
    own.keySet().removeAll(nodeObjects.keySet());
    if (!own.isEmpty()) {
      derived.put(freeName(files), LabNodes.manifest(own.values()));
    }
    return derived;
  }

  private static List<ObjectNode> objects(Collection<EditableManifest> manifests, String kind) {
    return manifests.stream()
        .flatMap(manifest -> manifest.items().stream())
        .filter(item -> item.apiVersion().equals("v1") && item.kind().equals(kind))
        .map(EditableManifest.Item::object)
        .filter(object -> Parsing.isName(name(object)))
        .toList();
  }

  private static TreeSet<String> namedNodes(SortedMap<String, List<ObjectNode>> pods) {
    return pods.values().stream()
        .flatMap(List::stream)
        .map(pod -> pod.at("/spec/nodeName").asText())
        .filter(Parsing::isName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String freeName(SortedMap<String, byte[]> files) {
    var name = NODES_FILE;
    while (files.containsKey(name)) {
      name = "_" + name;
    }
    return name;
  }

  private static String namespace(ObjectNode object) {
    var namespace = object.at("/metadata/namespace").asText();
    return namespace.isEmpty() ? "default" : namespace;
  }

  private static String name(ObjectNode object) {
    return object.at("/metadata/name").asText();
  }
}
