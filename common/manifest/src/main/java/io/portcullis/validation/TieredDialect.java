package io.portcullis.validation;

import java.util.List;
import java.util.Set;

/** The differences between the kinds of tiered policies. */
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
   * Returns the dialect of a kind.
   *
   * @throws IllegalArgumentException when the kind is no tiered policy
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

  /** Returns the words for actions; the one that accepts comes first. */
  List<String> actions() {
    return actions;
  }

  /** Returns the most rules of a direction, and the most peers and ports of a rule. */
  int most() {
    return most;
  }

  /** Returns the name of the field with a rule's ports. */
  String ports() {
    return ports;
  }

  /** Returns the name of the field with a named port. */
  String namedPort() {
    return namedPort;
  }

  /** Returns the peers that only egress rules have; none of them has named ports. */
  Set<String> peersOfEgress() {
    return peersOfEgress;
  }
}
