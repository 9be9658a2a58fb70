package io.portcullis.policy.rules;

import io.portcullis.net.Family;
import io.portcullis.net.IpRange;
import io.portcullis.policy.grouping.HostPeers;
import io.portcullis.policy.grouping.NamedPeers;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** What the members of a set have in common. The set's id is the hash of its text. */
sealed interface SetDefinition {

  SetId id();

  String text();

  /** The addresses of the pods and nodes that any of the peers selects. */
  record Hosts(SetId id, String text, List<HostPeers> peers) implements SetDefinition {}

  /** Fixed ranges, which are disjoint and in order. */
  record Networks(SetId id, String text, List<IpRange> ranges) implements SetDefinition {}

  /** The addresses and numbers of named ports. */
  record HostPorts(SetId id, String text, List<NamedPeers> peers) implements SetDefinition {}

  static SetDefinition hosts(Family family, Action use, SortedSet<HostPeers> peers) {
    var text = peers.stream().map(HostPeers::definition).collect(Collectors.joining("\n"));
    return new Hosts(id(SetKind.HOSTS, family, use, text), text, List.copyOf(peers));
  }

  /**
   * Returns the id of a set that has one use only. The use decides whether an agent first adds
   * members or first removes them.
   */
  private static SetId id(SetKind kind, Family family, Action use, String text) {
    return SetId.of(
        kind,
        family,
        switch (use) {
          case Action.Accept _ -> text;
          case Action.Deny _ -> "deny\n" + text;
          case Action.Continue _ -> "pass\n" + text;
        });
  }

  static SetDefinition networks(Family family, Collection<IpRange> ranges) {
    var text = ranges.stream().map(IpRange::toString).collect(Collectors.joining("\n"));
    return new Networks(SetId.of(SetKind.NETWORKS, family, text), text, List.copyOf(ranges));
  }

  static SetDefinition hostPorts(Family family, Action use, SortedSet<NamedPeers> peers) {
    var text = peers.stream().map(NamedPeers::definition).collect(Collectors.joining("\n"));
    return new HostPorts(id(SetKind.HOST_PORTS, family, use, text), text, List.copyOf(peers));
  }
}
