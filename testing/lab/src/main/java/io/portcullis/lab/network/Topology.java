package io.portcullis.lab.network;

import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The nodes of a lab, the pods on them, and the hosts outside, each by name. */
public record Topology(
    SortedMap<String, Node> nodes,
    SortedMap<String, Pod> pods,
    SortedMap<String, Outside> outside) {

  /** A node with its own addresses. */
  public record Node(String name, List<IpAddress> addresses) {
    public Node {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A pod with a namespace of its own.
   *
   * @param name the pod, as {@code namespace/name}
   * @param node the name of its node
   * @param addresses its addresses
   */
  public record Pod(String name, String node, List<IpAddress> addresses) {
    public Pod {
      addresses = List.copyOf(addresses);
    }
  }

  /** A host outside of the cluster that answers for whole networks. */
  public record Outside(String name, List<IpAddress> addresses, List<Cidr> networks) {
    public Outside {
      addresses = List.copyOf(addresses);
      networks = List.copyOf(networks);
    }
  }

  /**
   * Two hosts in the networks that are reserved for documentation, which stand for the outside
   * world.
   */
  public static final List<Outside> OUTSIDE =
      List.of(
          outside(
              "outside-a",
              "203.0.113.10",
              "203.0.113.0/24",
              "2001:db8:113::10",
              "2001:db8:113::/48"),
          outside(
              "outside-b",
              "198.51.100.10",
              "198.51.100.0/24",
              "2001:db8:51::10",
              "2001:db8:51::/48"));

  public Topology {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    pods = Collections.unmodifiableSortedMap(new TreeMap<>(pods));
    outside = Collections.unmodifiableSortedMap(new TreeMap<>(outside));
  }

  public static Topology of(
      Collection<Node> nodes, Collection<Pod> pods, Collection<Outside> outside) {
    return new Topology(
        byName(nodes, Node::name), byName(pods, Pod::name), byName(outside, Outside::name));
  }

  /** Returns this topology with these pods in place of those of the same names. */
  public Topology with(Collection<Pod> others) {
    var all = new TreeMap<>(pods);
    others.forEach(pod -> all.put(pod.name(), pod));
    return new Topology(nodes, all, outside);
  }

  /** Returns this topology without the nodes, pods and hosts of the other one. */
  Topology without(Topology other) {
    return new Topology(
        without(nodes, other.nodes), without(pods, other.pods), without(outside, other.outside));
  }

  private static <T> SortedMap<String, T> without(
      SortedMap<String, T> items, SortedMap<String, T> others) {
    var rest = new TreeMap<>(items);
    rest.keySet().removeAll(others.keySet());
    return rest;
  }

  private static <T> SortedMap<String, T> byName(Collection<T> items, Function<T, String> name) {
    var map = new TreeMap<String, T>();
    items.forEach(item -> map.put(name.apply(item), item));
    return map;
  }

  private static Outside outside(String name, String v4, String net4, String v6, String net6) {
    return new Outside(
        name,
        List.of(IpAddress.parse(v4), IpAddress.parse(v6)),
        List.of(Cidr.parse(net4), Cidr.parse(net6)));
  }
}
