package io.portcullis.bench.chaos;

import io.portcullis.bench.chaos.Action.Change;
import io.portcullis.bench.chaos.Action.Place;
import io.portcullis.bench.chaos.Action.Remove;
import io.portcullis.bench.chaos.Action.Save;
import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Manifests that change at random: policies of all kinds; pods that are added, removed, moved or
 * relabelled; labels and annotations of namespaces; and files that are broken for a while.
 */
final class RandomManifests {
  /** Four nodes, so that a set for one node is not wide and a set for two is. */
  static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");

  static final List<String> NAMESPACES = List.of("red", "green", "blue");
  private static final int POLICIES = 10;
  private static final int PODS = 9;
  private static final int PODS_AT_FIRST = 6;
  private static final int POLICIES_AT_FIRST = 4;

  private static final String NOT_YAML =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n  spec: [\n";

  private final Random random;
  private final RandomPolicy policies;

  /** The nodes of the present pods. */
  private final SortedMap<String, String> places = new TreeMap<>();

  private final SortedSet<Integer> broken = new TreeSet<>();

  RandomManifests(Random random) {
    this.random = random;
    this.policies = new RandomPolicy(random, NAMESPACES);
  }

  List<Change> initial() {
    var all = new ArrayList<Change>();
    all.add(nodes());
    NAMESPACES.forEach(name -> all.add(namespace(name)));
    IntStream.range(0, PODS_AT_FIRST).forEach(pod -> all.add(savedPod(pod)));
    IntStream.range(0, POLICIES_AT_FIRST).forEach(slot -> all.add(policy(slot)));
    return all;
  }

  Change change() {
    var kind = random.nextInt(100);
    if (kind < 45) {
      return policy(random.nextInt(POLICIES));
    }
    if (kind < 60) {
      return noPolicy(random.nextInt(POLICIES));
    }
    if (kind < 70) {
      return namespace(one(NAMESPACES));
    }
    if (kind < 80) {
      return breaking(random.nextInt(POLICIES));
    }
    return pod(random.nextInt(PODS));
  }

  /** Returns valid policies for the files that are broken. */
  List<Change> healing() {
    return List.copyOf(broken).stream().map(this::policy).toList();
  }

  private Change pod(int number) {
    var there = places.containsKey(podName(number));
    return there && random.nextInt(3) == 0 ? removedPod(number) : savedPod(number);
  }

  private static String podName(int number) {
    return NAMESPACES.get(number % NAMESPACES.size()) + "/pod-" + number;
  }

  private static String podFile(int number) {
    return "pod-" + number + ".yaml";
  }

  private Change removedPod(int number) {
    places.remove(podName(number));
    return new Remove(podFile(number), Optional.of(new Place(podName(number), Optional.empty())));
  }

  /** Saves a pod, in two of three cases on its old node, perhaps with other labels. */
  private Change savedPod(int number) {
    var name = podName(number);
    var node =
        Optional.ofNullable(places.get(name))
            .filter(_ -> random.nextInt(3) > 0)
            .orElseGet(() -> one(NODES));
    places.put(name, node);
    var port =
        Map.of(
            "name", "web", "containerPort", one(RandomPolicy.PORTS), "protocol", one("TCP", "UDP"));
    var container =
        random.nextBoolean()
            ? Map.of("name", "main", "image", "main")
            : Map.of("name", "main", "image", "main", "ports", List.of(port));
    var manifest =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            Map.of(
                "name",
                "pod-" + number,
                "namespace",
                NAMESPACES.get(number % NAMESPACES.size()),
                "labels",
                policies.labels()),
            "spec",
            Map.of("nodeName", node, "containers", List.of(container)));
    return new Save(
        podFile(number), text(manifest), Optional.of(new Place(name, Optional.of(node))));
  }

  private Change policy(int slot) {
    broken.remove(slot);
    return new Save(policyFile(slot), text(policies.any(slot)), Optional.empty());
  }

  private Change noPolicy(int slot) {
    broken.remove(slot);
    return new Remove(policyFile(slot), Optional.empty());
  }

  private Change breaking(int slot) {
    broken.add(slot);
    var content = random.nextBoolean() ? NOT_YAML : text(policies.invalid(slot));
    return new Save(policyFile(slot), content, Optional.empty());
  }

  private static String policyFile(int slot) {
    return "policy-" + slot + ".yaml";
  }

  private Change namespace(String name) {
    var metadata = new TreeMap<String, Object>(Map.of("name", name, "labels", policies.labels()));
    if (random.nextInt(4) == 0) {
      metadata.put(
          "annotations",
          Map.of(
              "net.beta.kubernetes.io/network-policy",
              "{\"ingress\": {\"isolation\": \"DefaultDeny\"}}"));
    }
    return new Save(
        "namespace-" + name + ".yaml",
        text(Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", metadata)),
        Optional.empty());
  }

  private static Change nodes() {
    var items =
        NODES.stream()
            .map(
                name ->
                    Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Node",
                        "metadata",
                        Map.of("name", name, "labels", Map.of("app", "x"))))
            .toList();
    return new Save(
        "nodes.yaml",
        text(Map.of("apiVersion", "v1", "kind", "List", "items", items)),
        Optional.empty());
  }

  /** Returns the manifest as text with sorted keys, so that the same seed gives the same text. */
  private static String text(Map<String, ?> manifest) {
    return new String(Json.bytes(sorted(manifest)), StandardCharsets.UTF_8);
  }

  private static Object sorted(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new TreeMap<String, Object>();
        map.forEach((key, item) -> copy.put((String) key, sorted(item)));
        yield copy;
      }
      case List<?> list -> list.stream().map(RandomManifests::sorted).toList();
      default -> value;
    };
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
