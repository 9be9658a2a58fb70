package io.portcullis.validation;

import java.util.List;
import java.util.Set;

/** What the kinds of tiered policies write differently. */
enum TieredDialect {
  CLUSTER(
      List.of("Accept", "Deny", "Pass"),
      25,
      "protocols",
      "destinationNamedPort",
      Set.of("networks", "nodes", "domainNames")),
  ADMIN(
      List.of("Allow", "Deny", "Pass"),
      100,
      "ports",
      "namedPort",
      Set.of("networks", "nodes", "domainNames")),
  BASELINE_ADMIN(List.of("Allow", "Deny"), 100, "ports", "namedPort", Set.of("networks", "nodes"));

  private final List<String> actions;
  private final int most;
  private final String ports;
  private final String namedPort;
  private final Set<String> peersOfEgress;

  TieredDialect(
      List<String> actions, int most, String ports, String namedPort, Set<String> peersOfEgress) {
    this.actions = actions;
    this.most = most;
    this.ports = ports;
    this.namedPort = namedPort;
    this.peersOfEgress = peersOfEgress;
  }

  /**
   * The dialect of a kind.
   *
   * @throws IllegalArgumentException of a kind that is no tiered policy
   */
  static TieredDialect of(Kind kind) {
    return switch (kind) {
      case CLUSTER_POLICY -> CLUSTER;
      case ADMIN_POLICY -> ADMIN;
      case BASELINE_ADMIN_POLICY -> BASELINE_ADMIN;
      case POD, NAMESPACE, NODE, NETWORK_POLICY, LEGACY_POLICY ->
          throw new IllegalArgumentException("no tiered policy: " + kind);
    };
  }

  /** The words for actions, the accepting one first. */
  List<String> actions() {
    return actions;
  }

  /** How many rules a direction, and peers and ports a rule may have. */
  int most() {
    return most;
  }

  /** The field of a rule's ports. */
  String ports() {
    return ports;
  }

  /** The field of a named port in one of them. */
  String namedPort() {
    return namedPort;
  }

  /** The peers that only egress rules have; none of them has named ports. */
  Set<String> peersOfEgress() {
    return peersOfEgress;
  }
}
