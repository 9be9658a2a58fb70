package io.portcullis.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes one random policy of any kind as a manifest, over the labels and ports of the run. */
final class RandomPolicy {
  /** The port numbers of pods and policies. */
  static final List<Integer> PORTS = List.of(80, 443, 8080);

  private static final List<String> NETWORKS =
      List.of(
          "203.0.113.0/24",
          "198.51.100.0/25",
          "2001:db8:113::/48",
          "10.244.0.0/16",
          "10.244.2.0/24",
          "fd00:10:244:1::/64");
  private static final List<Map<String, Object>> BLOCKS =
      List.of(
          Map.of("cidr", "0.0.0.0/0", "except", List.of("10.244.1.0/24", "203.0.113.0/25")),
          Map.of("cidr", "::/0", "except", List.of("fd00:10:244:2::/64")),
          Map.of("cidr", "10.244.0.0/16", "except", List.of("10.244.3.0/24")),
          Map.of("cidr", "198.51.100.0/24"));

  private final Random random;
  private final List<String> namespaces;

  /**
   * Creates the generator.
   *
   * @param random the source of randomness
   * @param namespaces the namespaces of the policies
   */
  RandomPolicy(Random random, List<String> namespaces) {
    this.random = random;
    this.namespaces = namespaces;
  }

  /**
   * Returns a policy of any kind. A kind that may exist only once is made in the first slot only.
   */
  Map<String, Object> any(int slot) {
    var name = "policy-" + slot;
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> networkPolicy(name, port());
      case 3 -> legacy(name);
      case 4 -> slot == 0 ? baselineAdmin() : networkPolicy(name, port());
      case 5 -> admin(name);
      default -> cluster(name);
    };
  }

  /** Returns a policy with a port number that does not exist. */
  Map<String, Object> invalid(int slot) {
    return networkPolicy("policy-" + slot, Map.of("port", 99_999));
  }

  Map<String, Object> labels() {
    var labels = new TreeMap<String, Object>();
    for (var key : List.of("app", "role")) {
      if (random.nextInt(3) > 0) {
        labels.put(key, one(List.of("x", "y")));
      }
    }
    return labels;
  }

  private Map<String, Object> networkPolicy(String name, Map<String, Object> port) {
    var spec = new TreeMap<String, Object>(Map.of("podSelector", selector()));
    spec.put(
        "policyTypes",
        one(List.of(List.of("Ingress"), List.of("Egress"), List.of("Ingress", "Egress"))));
    spec.put("ingress", List.of(rule("from", port), rule("from", port())));
    spec.put("egress", several(0, 2, () -> rule("to", port())));
    return object(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        Map.of("name", name, "namespace", one(namespaces)),
        spec);
  }

  private Map<String, Object> rule(String peers, Map<String, Object> port) {
    var rule = new TreeMap<String, Object>();
    if (random.nextInt(3) > 0) {
      rule.put(peers, several(1, 2, this::peer));
    }
    rule.put("ports", List.of(port));
    return rule;
  }

  private Map<String, Object> peer() {
    return switch (random.nextInt(4)) {
      case 0 -> Map.of("ipBlock", one(BLOCKS));
      case 1 -> Map.of("podSelector", selector());
      case 2 -> Map.of("namespaceSelector", selector());
      default -> Map.of("namespaceSelector", selector(), "podSelector", selector());
    };
  }

  private Map<String, Object> port() {
    return switch (random.nextInt(4)) {
      case 0 -> Map.of("protocol", protocol(), "port", "web");
      case 1 -> Map.of("protocol", protocol(), "port", 80, "endPort", 443);
      case 2 -> Map.of("protocol", protocol());
      default -> Map.of("protocol", protocol(), "port", one(PORTS));
    };
  }

  private Map<String, Object> legacy(String name) {
    var rule =
        Map.of(
            "from",
            List.of(Map.of(one(List.of("podSelector", "namespaceSelector")), selector())),
            "ports",
            List.of(Map.of("protocol", one(List.of("tcp", "udp")), "port", one(PORTS))));
    return object(
        "extensions/v1beta1",
        "NetworkPolicy",
        Map.of("name", name, "namespace", one(namespaces)),
        Map.of("podSelector", selector(), "ingress", List.of(rule)));
  }

  private Map<String, Object> admin(String name) {
    var spec = tiered(List.of("Allow", "Deny", "Pass"), "ports", this::adminPort);
    spec.put("priority", random.nextInt(5));
    return object(
        "policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", Map.of("name", name), spec);
  }

  private Map<String, Object> baselineAdmin() {
    return object(
        "policy.networking.k8s.io/v1alpha1",
        "BaselineAdminNetworkPolicy",
        Map.of("name", "default"),
        tiered(List.of("Allow", "Deny"), "ports", this::adminPort));
  }

  private Map<String, Object> cluster(String name) {
    var spec = tiered(List.of("Accept", "Deny", "Pass"), "protocols", this::clusterPort);
    spec.put("tier", one(List.of("Admin", "Baseline")));
    spec.put("priority", random.nextInt(5));
    return object(
        "policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", Map.of("name", name), spec);
  }

  private Map<String, Object> tiered(
      List<String> actions, String portsField, Supplier<Map<String, Object>> port) {
    var spec = new TreeMap<String, Object>(Map.of("subject", tieredPods()));
    spec.put(
        "ingress",
        several(0, 2, () -> tieredRule(actions, "from", tieredPods(), portsField, port)));
    spec.put(
        "egress", several(0, 2, () -> tieredRule(actions, "to", egressPeer(), portsField, port)));
    return spec;
  }

  private Map<String, Object> tieredRule(
      List<String> actions,
      String peers,
      Map<String, Object> peer,
      String portsField,
      Supplier<Map<String, Object>> port) {
    var rule = new TreeMap<String, Object>(Map.of("action", one(actions)));
    rule.put(peers, List.of(peer));
    if (random.nextInt(4) > 0) {
      rule.put(portsField, several(1, 2, port));
    }
    return rule;
  }

  private Map<String, Object> tieredPods() {
    return random.nextBoolean()
        ? Map.of("namespaces", selector())
        : Map.of("pods", Map.of("namespaceSelector", selector(), "podSelector", selector()));
  }

  private Map<String, Object> egressPeer() {
    return random.nextInt(3) == 0 ? Map.of("networks", List.of(one(NETWORKS))) : tieredPods();
  }

  private Map<String, Object> adminPort() {
    return random.nextInt(3) == 0
        ? Map.of("portRange", Map.of("protocol", protocol(), "start", 80, "end", 443))
        : Map.of("portNumber", Map.of("protocol", protocol(), "port", one(PORTS)));
  }

  private Map<String, Object> clusterPort() {
    Map<String, Object> destination =
        random.nextInt(3) == 0
            ? Map.of("range", Map.of("start", 80, "end", 443))
            : Map.of("number", one(PORTS));
    return Map.of(one(List.of("tcp", "udp")), Map.of("destinationPort", destination));
  }

  private Map<String, Object> selector() {
    return switch (random.nextInt(4)) {
      case 0 -> Map.of();
      case 1 ->
          Map.of(
              "matchExpressions",
              List.of(
                  Map.of(
                      "key",
                      one(List.of("app", "role")),
                      "operator",
                      one(List.of("In", "NotIn")),
                      "values",
                      List.of(one(List.of("x", "y"))))));
      default -> Map.of("matchLabels", Map.of(one(List.of("app", "role")), one(List.of("x", "y"))));
    };
  }

  private String protocol() {
    return one(List.of("TCP", "UDP"));
  }

  private static Map<String, Object> object(
      String apiVersion, String kind, Map<String, Object> metadata, Map<String, Object> spec) {
    return Map.of("apiVersion", apiVersion, "kind", kind, "metadata", metadata, "spec", spec);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private List<Map<String, Object>> several(
      int least, int most, Supplier<Map<String, Object>> item) {
    var items = new ArrayList<Map<String, Object>>();
    for (var count = random.nextInt(least, most + 1); count > 0; count--) {
      items.add(item.get());
    }
    return items;
  }
}
