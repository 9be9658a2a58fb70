package io.portcullis.cluster;

import java.util.List;
import java.util.Optional;

/**
 * One allowing rule: traffic that matches one of the peers <b>and</b> one of the ports.
 *
 * @param peers absent: every source or destination; empty: none (N5, L4)
 * @param ports absent: every port and protocol, ICMP too; empty: none (N5, L4)
 */
public record PolicyRule(Optional<List<Peer>> peers, Optional<List<PortSpec>> ports) {

  /** What stands for a rule that is not valid: it matches nothing (N10). */
  public static final PolicyRule NOTHING =
      new PolicyRule(Optional.of(List.of()), Optional.of(List.of()));
}
