package io.portcullis.cluster;

import java.util.List;
import java.util.Optional;

/**
 * A rule that matches traffic which matches one of the peers <b>and</b> one of the ports.
 *
 * @param peers the sources or destinations; absent: all of them; empty: none (N5, L4)
 * @param ports the ports; absent: every port and protocol, ICMP too; empty: none (N5, L4)
 */
public record PolicyRule(Optional<List<Peer>> peers, Optional<List<PortSpec>> ports) {

  /** The rule that stands for an invalid one: it matches nothing (N10). */
  public static final PolicyRule NOTHING =
      new PolicyRule(Optional.of(List.of()), Optional.of(List.of()));
}
