package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.lab.manifests.LabNodes.Node;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.validation.PodPhase;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * Assigns a node and addresses to each pod whose manifest does not: the node with the fewest pods
 * among those where the ports of a pod on its node's network are free, and a host number in the
 * node's networks that is derived from the pod's name. A pod keeps both as long as the lab runs,
 * even while its file is missing for a moment.
 */
final class PodPlaces {
  private static final int FIRST_HOST = 2;
  private static final int MOST_HOSTS = 60_000;

  private final Map<String, String> nodes = new HashMap<>();
  private final Map<String, Host> hosts = new HashMap<>();

  /** A host number that one pod has in all networks of a node. */
  private record Host(String node, int number) {}

  /**
   * Completes the pods.
   *
   * @param pods the pods by {@code namespace/name}; several objects where files repeat one
   * @param all the nodes by name
   */
  void place(SortedMap<String, List<ObjectNode>> pods, SortedMap<String, Node> all) {
    var load = load(pods, all.keySet());
    var ports = new HostPorts();
    pods.forEach((name, objects) -> objects.forEach(pod -> ports.add(nodeOf(pod), name, pod)));
    pods.forEach(
        (name, objects) -> objects.forEach(pod -> bind(name, pod, all.keySet(), load, ports)));
    var taken = taken(pods, all.values());
    pods.forEach(
        (name, objects) ->
            objects.forEach(
                pod ->
                    Optional.ofNullable(all.get(nodeOf(pod)))
                        .filter(_ -> wantsAddress(pod))
                        .ifPresent(node -> address(name, pod, node, taken, pods.keySet()))));
  }

  private Map<String, Integer> load(
      SortedMap<String, List<ObjectNode>> pods, Collection<String> all) {
    var load = new HashMap<String, Integer>();
    all.forEach(node -> load.put(node, 0));
    pods.forEach(
        (name, objects) -> {
          var written = nodeOf(objects.getFirst());
          var node = written.isEmpty() ? nodes.getOrDefault(name, "") : written;
          load.computeIfPresent(node, (_, count) -> count + 1);
        });
    return load;
  }

  private void bind(
      String name,
      ObjectNode pod,
      Collection<String> all,
      Map<String, Integer> load,
      HostPorts ports) {
    if (!nodeOf(pod).isEmpty() || !Parsing.objectOrAbsent(pod, "spec")) {
      return;
    }
    var before = nodes.getOrDefault(name, "");
    if (!all.contains(before) || !ports.areFree(before, name, pod)) {
      nodes.remove(name);
      all.stream()
          .filter(node -> ports.areFree(node, name, pod))
          .min(Comparator.<String>comparingInt(load::get).thenComparing(node -> node))
          .ifPresent(
              emptiest -> {
                nodes.put(name, emptiest);
                load.merge(emptiest, 1, Integer::sum);
              });
    }
    Optional.ofNullable(nodes.get(name))
        .ifPresent(
            node -> {
              pod.withObject("/spec").put("nodeName", node);
              ports.add(node, name, pod);
            });
  }

  /** Returns the addresses that manifests set, which are assigned to no other pod. */
  private static Set<IpAddress> taken(
      SortedMap<String, List<ObjectNode>> pods, Collection<Node> all) {
    var taken = new HashSet<IpAddress>();
    all.forEach(node -> taken.addAll(node.addresses()));
    pods.values().stream()
        .flatMap(Collection::stream)
        .flatMap(pod -> Parsing.podIps(pod).stream())
        .forEach(text -> Parsing.ip(text).ifPresent(taken::add));
    return taken;
  }

  private static boolean wantsAddress(JsonNode pod) {
    return Parsing.podIps(pod).isEmpty()
        && Parsing.objectOrAbsent(pod, "status")
        && !PodPhase.isFinished(pod.at("/status/phase").asText());
  }

  private void address(
      String name, ObjectNode pod, Node node, Set<IpAddress> taken, Set<String> present) {
    var addresses =
        pod.at("/spec/hostNetwork").asBoolean() // T6
            ? node.addresses()
            : host(name, node, taken, present)
                .map(host -> addresses(node, host))
                .orElse(
                    List.of()); // its node is full: the pod stays without an address, and a problem
    // says so
    if (addresses.isEmpty()) {
      return;
    }
    var status = pod.withObject("/status");
    var list = status.putArray("podIPs");
    addresses.forEach(ip -> list.addObject().put("ip", ip.toString()));
    status.put("podIP", addresses.getFirst().toString());
  }

  private Optional<Host> host(String name, Node node, Set<IpAddress> taken, Set<String> present) {
    var remembered =
        Optional.ofNullable(hosts.remove(name))
            .filter(host -> host.node().equals(node.name()) && free(node, host, taken));
    var host =
        remembered
            .or(() -> pick(name, node, taken))
            .or(
                () -> { // the node is full: the pod that has been missing for longest loses its
                  // number
                  hosts.keySet().retainAll(present);
                  return pick(name, node, taken);
                });
    host.ifPresent(number -> hosts.put(name, number));
    return host;
  }

  private Optional<Host> pick(String name, Node node, Set<IpAddress> taken) {
    var count = room(node);
    var first = count == 0 ? 0 : Math.floorMod(name.hashCode(), count);
    return IntStream.range(0, count)
        .mapToObj(i -> new Host(node.name(), FIRST_HOST + (first + i) % count))
        .filter(host -> !hosts.containsValue(host) && free(node, host, taken))
        .findFirst();
  }

  /** Returns how many host numbers fit in each of the node's networks. */
  private static int room(Node node) {
    return node.podCidrs().stream()
        .mapToInt(cidr -> cidr.family().bits() - cidr.length())
        .map(bits -> bits > 15 ? MOST_HOSTS : Math.max(0, (1 << bits) - FIRST_HOST - 1))
        .min()
        .orElse(0);
  }

  private static boolean free(Node node, Host host, Set<IpAddress> taken) {
    return addresses(node, host).stream().noneMatch(taken::contains);
  }

  private static List<IpAddress> addresses(Node node, Host host) {
    return node.podCidrs().stream().map(cidr -> nth(cidr, host.number())).toList();
  }

  private static IpAddress nth(Cidr cidr, int number) {
    return new IpAddress(cidr.family(), cidr.network().value().add(BigInteger.valueOf(number)));
  }

  private static String nodeOf(JsonNode pod) {
    return pod.at("/spec/nodeName").asText();
  }
}
