package io.portcullis.lab.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The lab's nodes: the Node objects of the manifests, completed; nodes that pods name and no object
 * defines; and two default nodes if there is neither. What a node was assigned stays the same as
 * long as the lab runs.
 */
final class LabNodes {
  /** The largest number of a node: addresses and networks are derived from it. */
  private static final int LAST_INDEX = 250;

  private static final List<String> OWN = List.of("node-1", "node-2");

  private final Map<String, Integer> indexes = new HashMap<>();

  /** A node that pods can run on. */
  record Node(String name, List<IpAddress> addresses, List<Cidr> podCidrs) {}

  /** The addresses and networks that a node was assigned, derived from its number. */
  private record Given(List<IpAddress> addresses, List<Cidr> podCidrs) {
    static Given of(int index) {
      return new Given(
          List.of(
              IpAddress.parse("172.18.0." + (10 + index)),
              IpAddress.parse("fd00:172:18::" + (10 + index))),
          List.of(
              Cidr.parse("10.244." + index + ".0/24"),
              Cidr.parse("fd00:10:244:" + index + "::/64")));
    }
  }

  /**
   * Returns the nodes by name, and completes their objects.
   *
   * @param objects the Node objects by name
   * @param named the names of the nodes that pods run on
   */
  SortedMap<String, Node> nodes(SortedMap<String, ObjectNode> objects, Collection<String> named) {
    var taken = new HashSet<Object>();
    objects
        .values()
        .forEach(
            object -> {
              taken.addAll(addresses(object));
              taken.addAll(podCidrs(object));
            });
    var nodes = new TreeMap<String, Node>();
    objects.forEach((name, object) -> nodes.put(name, completed(name, object, taken)));
    var more = new ArrayList<>(named);
    if (objects.isEmpty()) {
      more.addAll(OWN);
    }
    more.stream()
        .distinct()
        .sorted()
        .filter(name -> !nodes.containsKey(name))
        .forEach(
            name -> {
              var given = given(name, taken);
              nodes.put(name, new Node(name, given.addresses(), given.podCidrs()));
            });
    return nodes;
  }

  private Node completed(String name, ObjectNode object, Set<Object> taken) {
    if (addresses(object).isEmpty()) {
      var list = object.withObject("/status").putArray("addresses");
      given(name, taken)
          .addresses()
          .forEach(ip -> list.addObject().put("type", "InternalIP").put("address", ip.toString()));
    }
    if (podCidrs(object).isEmpty()) {
      var list = object.withObject("/spec").putArray("podCIDRs");
      given(name, taken).podCidrs().forEach(cidr -> list.add(cidr.toString()));
    }
    return new Node(name, addresses(object), podCidrs(object));
  }

  private Given given(String name, Set<Object> taken) {
    var present = Optional.ofNullable(indexes.get(name)).filter(index -> free(index, taken));
    var index = present.orElseGet(() -> next(taken));
    indexes.put(name, index);
    return Given.of(index);
  }

  private int next(Set<Object> taken) {
    for (var index = 1; index <= LAST_INDEX - 10; index++) {
      if (!indexes.containsValue(index) && free(index, taken)) {
        return index;
      }
    }
    throw new IllegalArgumentException("the manifests name more nodes than a lab can have");
  }

  private static boolean free(int index, Set<Object> taken) {
    var given = Given.of(index);
    return given.addresses().stream().noneMatch(taken::contains)
        && given.podCidrs().stream().noneMatch(taken::contains);
  }

  /** Returns a manifest of the nodes that the user's files do not define. */
  static byte[] manifest(Collection<Node> nodes) {
    var items = Json.mapper().createArrayNode();
    for (var node : nodes) {
      var item = items.addObject().put("apiVersion", "v1").put("kind", "Node");
      item.putObject("metadata").put("name", node.name());
      var cidrs = item.putObject("spec").putArray("podCIDRs");
      node.podCidrs().forEach(cidr -> cidrs.add(cidr.toString()));
      var addresses = item.putObject("status").putArray("addresses");
      node.addresses()
          .forEach(
              ip -> addresses.addObject().put("type", "InternalIP").put("address", ip.toString()));
    }
    var list = Json.mapper().createObjectNode().put("apiVersion", "v1").put("kind", "List");
    list.set("items", items);
    return Json.bytes(list);
  }

  private static List<IpAddress> addresses(JsonNode node) {
    var addresses = new ArrayList<IpAddress>();
    for (var item : node.at("/status/addresses")) {
      Parsing.ip(item.path("address").asText()).ifPresent(addresses::add);
    }
    return addresses;
  }

  private static List<Cidr> podCidrs(JsonNode node) {
    var cidrs = new ArrayList<Cidr>();
    for (var item : node.at("/spec/podCIDRs")) {
      Parsing.cidr(item.asText()).ifPresent(cidrs::add);
    }
    if (cidrs.isEmpty()) {
      Parsing.cidr(node.at("/spec/podCIDR").asText()).ifPresent(cidrs::add);
    }
    return cidrs;
  }
}
