package io.portcullis.policy.rules;

import io.portcullis.cluster.PortSpec;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.grouping.GroupIndex;
import io.portcullis.policy.grouping.NodeGroup;
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

/** A set that chains use, with its present members. All nodes share its content. */
final class LiveSet {
  final SetDefinition definition;

  /**
   * The peers that are pods, each with the names of its ports if the set is of named ports (N9).
   */
  final Map<PodGroup, List<PortSpec.Named>> groups = new HashMap<>(4);

  final List<NodeGroup> nodeGroups = new ArrayList<>();

  /** The numbers of the nodes that have a chain which uses the set. */
  final BitSet nodes = new BitSet();

  /** How many nodes have such a chain. */
  int span;

  /** Whether the set is published once for all nodes. */
  boolean wide;

  /** The sets whose span has changed. */
  private final Set<LiveSet> respanned;

  /**
   * The members of a set of named ports by address, because an address alone does not tell them.
   */
  private final Map<IpAddress, Collection<Element>> ports = new HashMap<>();

  SetContent content;

  /** How many chains use the set. */
  int users;

  /** Whether the set has got its members. */
  boolean filled;

  /**
   * @param respanned gets this set when its span changes
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

  /** Adds a node that needs the set. */
  void join(int node) {
    nodes.set(node);
    span++;
    respanned.add(this);
  }

  /** Removes a node that needs the set no longer. */
  void leave(int node) {
    nodes.clear(node);
    span--;
    respanned.add(this);
  }

  /** Adds all members that the cluster has at this moment. */
  void fill(GroupIndex index) {
    filled = true;
    var all = new HashSet<Element>();
    for (var group : groups.keySet()) {
      for (var pods : index.classes(group)) {
        for (var host : pods.hosts) {
          if (host.address().family() == id().family()) {
            all.addAll(remember(host.address(), members(host, pods)));
          }
        }
      }
    }
    for (var group : nodeGroups) {
      group.addresses().stream()
          .filter(ip -> ip.family() == id().family())
          .map(Element.Host::new)
          .forEach(all::add);
    }
    if (!all.isEmpty()) {
      content = SetContent.of(new NodeRecord.AddressSet(id(), definition.text()), all);
    }
  }

  /**
   * Adds and removes members at these addresses.
   *
   * @param pods all addresses of pods
   * @return whether any member came or left
   */
  boolean update(Collection<IpAddress> addresses, Map<IpAddress, PodAddress> pods) {
    var added = new ArrayList<Element>();
    var removed = new ArrayList<Element>();
    for (var address : addresses) {
      var before = present(address);
      var now = remember(address, members(address, Optional.ofNullable(pods.get(address))));
      now.stream().filter(element -> !before.contains(element)).forEach(added::add);
      before.stream().filter(element -> !now.contains(element)).forEach(removed::add);
    }
    if (added.isEmpty() && removed.isEmpty()) {
      return false;
    }
    content = content.with(added, removed);
    return true;
  }

  /** Returns the set as if there were no other address than this one. */
  SetContent at(IpAddress address, Optional<PodAddress> pod) {
    return switch (definition) {
      case SetDefinition.Networks _ -> content;
      case SetDefinition.Hosts _, SetDefinition.HostPorts _ ->
          SetContent.of(
              new NodeRecord.AddressSet(id(), definition.text()),
              address.family() == id().family() ? members(address, pod) : List.of());
    };
  }

  private Collection<Element> present(IpAddress address) {
    return switch (definition) {
      case SetDefinition.Networks _ -> List.of();
      case SetDefinition.Hosts _ -> {
        var host = new Element.Host(address);
        yield content.elements().contains(host) ? List.of(host) : List.of();
      }
      case SetDefinition.HostPorts _ -> ports.getOrDefault(address, List.of());
    };
  }

  /** Keeps the members at an address where the content does not tell them. */
  private Collection<Element> remember(IpAddress address, Collection<Element> now) {
    if (definition instanceof SetDefinition.HostPorts) {
      if (now.isEmpty()) {
        ports.remove(address);
      } else {
        ports.put(address, now);
      }
    }
    return now;
  }

  private Collection<Element> members(IpAddress address, Optional<PodAddress> pod) {
    return pod.map(found -> members(found.host(), found.pods()))
        .orElseGet(() -> nodeMembers(address));
  }

  private Collection<Element> members(Element.Host host, PodClass pods) {
    return switch (definition) {
      case SetDefinition.Networks _ -> List.of();
      case SetDefinition.Hosts _ -> matches(pods) ? List.of(host) : nodeMembers(host.address());
      case SetDefinition.HostPorts _ -> portMembers(host.address(), pods);
    };
  }

  private Collection<Element> nodeMembers(IpAddress address) {
    return nodeGroups.stream().anyMatch(group -> group.contains(address))
        ? List.of(new Element.Host(address))
        : List.of();
  }

  private boolean matches(PodClass pods) {
    if (groups.size() < pods.groups.size()) {
      return groups.keySet().stream().anyMatch(pods.groups::contains);
    }
    return pods.groups.stream().anyMatch(groups::containsKey);
  }

  private Set<Element> portMembers(IpAddress address, PodClass pods) {
    var found = new HashSet<Element>(4);
    for (var group : pods.groups) {
      for (var name : groups.getOrDefault(group, List.of())) {
        for (var port : pods.ports) {
          if (port.name().equals(name.name()) && port.protocol() == name.protocol()) { // N9
            found.add(new Element.HostPort(address, port.protocol(), port.number()));
          }
        }
      }
    }
    return found;
  }
}
