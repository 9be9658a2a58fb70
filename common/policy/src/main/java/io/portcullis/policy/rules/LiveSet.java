package io.portcullis.policy.rules;

import io.portcullis.cluster.PortSpec;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.grouping.NodeGroups.NodeGroup;
import io.portcullis.policy.grouping.PodAddress;
import io.portcullis.policy.grouping.PodClass;
import io.portcullis.policy.grouping.PodGroup;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A set that chains use, kept as the cluster wants it; all nodes share its content. */
public final class LiveSet {
  final SetDefinition definition;

  /** Its peers that are pods; for named ports with the names (N9). */
  final Map<PodGroup, List<PortSpec.Named>> groups = new HashMap<>(4);

  final List<NodeGroup> nodeGroups = new ArrayList<>();

  /** The numbers of the nodes that have a chain that uses it. */
  final BitSet nodes = new BitSet();

  /** How many those are. */
  int span;

  /** Whether it is published once for all of them. */
  boolean wide;

  /** Gets this when its span has become another. */
  private final Set<LiveSet> respanned;

  /** Of a set of named ports the members by address: the address alone does not tell them. */
  private final Map<IpAddress, Set<Element>> ports = new HashMap<>();

  SetContent content;

  /** Chains that use it. */
  int users;

  /** Whether it has had its members. */
  boolean filled;

  /**
   * @param respanned gets this when its span has become another
   */
  LiveSet(SetDefinition definition, Set<LiveSet> respanned) {
    this.definition = definition;
    this.respanned = respanned;
    this.content =
        SetContent.of(
            new NodeRecord.AddressSet(definition.id(), definition.text()),
            definition instanceof SetDefinition.Networks(_, _, var ranges)
                ? ranges.stream().map(Element.Network::new).toList()
                : List.of());
  }

  SetId id() {
    return definition.id();
  }

  /** A node needs it from now on. */
  void join(int node) {
    nodes.set(node);
    span++;
    respanned.add(this);
  }

  /** A node needs it no longer. */
  void leave(int node) {
    nodes.clear(node);
    span--;
    respanned.add(this);
  }

  /** Makes its members what they must be, for the first time. */
  void fill() {
    filled = true;
    var addresses = new HashSet<Element>();
    for (var group : groups.keySet()) {
      for (var pods : group.classes) {
        for (var place : pods.places) {
          if (place.ip().family() == id().family()) {
            addresses.addAll(wanted(place.ip(), Optional.of(place)));
          }
        }
      }
    }
    for (var group : nodeGroups) {
      group.addresses.keySet().stream()
          .filter(ip -> ip.family() == id().family())
          .map(Element.Host::new)
          .forEach(addresses::add);
    }
    if (!addresses.isEmpty()) {
      content = SetContent.of(new NodeRecord.AddressSet(id(), definition.text()), addresses);
    }
  }

  /**
   * Makes those of its members that concern these addresses what they must be.
   *
   * @param places of pods by address
   * @return whether any came or left
   */
  boolean update(Collection<IpAddress> addresses, Map<IpAddress, PodAddress> places) {
    var added = new ArrayList<Element>();
    var removed = new ArrayList<Element>();
    for (var address : addresses) {
      var before = present(address);
      var now = wanted(address, Optional.ofNullable(places.get(address)));
      now.stream().filter(element -> !before.contains(element)).forEach(added::add);
      before.stream().filter(element -> !now.contains(element)).forEach(removed::add);
    }
    if (added.isEmpty() && removed.isEmpty()) {
      return false;
    }
    content = content.with(added, removed);
    return true;
  }

  /** The set as far as one address is concerned. */
  SetContent at(IpAddress address, Optional<PodAddress> place) {
    return switch (definition) {
      case SetDefinition.Networks _ -> content;
      case SetDefinition.Hosts _, SetDefinition.HostPorts _ ->
          SetContent.of(
              new NodeRecord.AddressSet(id(), definition.text()),
              address.family() == id().family() ? wanted(address, place) : List.of());
    };
  }

  private Collection<Element> present(IpAddress address) {
    return switch (definition) {
      case SetDefinition.Networks _ -> List.of();
      case SetDefinition.Hosts _ -> {
        var host = new Element.Host(address);
        yield content.elements().contains(host) ? List.of(host) : List.of();
      }
      case SetDefinition.HostPorts _ -> ports.getOrDefault(address, Set.of());
    };
  }

  private Collection<Element> wanted(IpAddress address, Optional<PodAddress> place) {
    return switch (definition) {
      case SetDefinition.Networks _ -> List.of();
      case SetDefinition.Hosts _ ->
          place.filter(p -> matches(p.pods())).isPresent()
              ? List.of(place.get().host())
              : nodeGroups.stream().anyMatch(group -> group.addresses.containsKey(address))
                  ? List.of(new Element.Host(address))
                  : List.of();
      case SetDefinition.HostPorts _ -> {
        var now = new HashSet<Element>(4);
        place.ifPresent(p -> addPorts(p, now));
        if (now.isEmpty()) {
          ports.remove(address);
        } else {
          ports.put(address, now);
        }
        yield now;
      }
    };
  }

  private boolean matches(PodClass pods) {
    if (groups.size() < pods.groups.size()) {
      return groups.keySet().stream().anyMatch(pods.groups::contains);
    }
    return pods.groups.stream().anyMatch(groups::containsKey);
  }

  private void addPorts(PodAddress place, Set<Element> to) {
    for (var group : place.pods().groups) {
      for (var name : groups.getOrDefault(group, List.of())) {
        for (var port : place.pods().ports) {
          if (port.name().equals(name.name()) && port.protocol() == name.protocol()) { // N9
            to.add(new Element.HostPort(place.ip(), port.protocol(), port.number()));
          }
        }
      }
    }
  }
}
