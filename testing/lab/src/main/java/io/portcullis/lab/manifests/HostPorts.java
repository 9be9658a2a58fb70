package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.validation.PodPhase;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ports that pods on their node's own network have there (T6). A scheduler puts no two such
 * pods with one port on a node.
 */
final class HostPorts {
  /** The pod that has a port, by node and port. */
  private final Map<String, Map<String, String>> owners = new HashMap<>();

  /** Takes the pod's ports on a node. */
  void add(String node, String name, JsonNode pod) {
    var there = owners.computeIfAbsent(node, _ -> new HashMap<>());
    of(pod).forEach(port -> there.putIfAbsent(port, name));
  }

  /** Tests whether no other pod has one of this pod's ports on a node. */
  boolean areFree(String node, String name, JsonNode pod) {
    var there = owners.getOrDefault(node, Map.of());
    return of(pod).stream().allMatch(port -> there.getOrDefault(port, name).equals(name));
  }

  private static Set<String> of(JsonNode pod) {
    if (!pod.at("/spec/hostNetwork").asBoolean()
        || PodPhase.isFinished(pod.at("/status/phase").asText())) {
      return Set.of();
    }
    return pod.at("/spec/containers")
        .valueStream()
        .flatMap(container -> container.path("ports").valueStream())
        .map(
            port -> port.path("protocol").asText("TCP") + "/" + port.path("containerPort").asText())
        .collect(Collectors.toSet());
  }
}
