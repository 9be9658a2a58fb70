package io.portcullis.cluster;

import java.util.List;
import java.util.Optional;

/**
 * A rule that matches traffic which matches one of the peers <b>and</b> one of the ports.
 *
 * @param peers the sources or destinations; absent: all of them; empty: none (N5, L4)
 * @param ports the ports; absent: every port and protocol, ICMP too; empty: none (N5, L4)
 * @param refused why this stands for another rule that its author wrote (N10, A8); absent: it
 *     stands as it was written. It is for people and changes no meaning
 */
public record PolicyRule(
    Optional<List<Peer>> peers, Optional<List<PortSpec>> ports, Optional<String> refused) {

  /** The rule that stands for an invalid one: it matches nothing (N10). */
  public static final PolicyRule NOTHING =
      new PolicyRule(Optional.of(List.of()), Optional.of(List.of()));

  /** Makes a rule that stands as it was written. */
  public PolicyRule(Optional<List<Peer>> peers, Optional<List<PortSpec>> ports) {
    this(peers, ports, Optional.empty());
  }

  /** Returns this rule as one that stands for another, which was refused for that reason. */
  public PolicyRule insteadOfRefused(String reason) {
    return new PolicyRule(peers, ports, Optional.of(reason));
  }
}
