package io.portcullis.ruleset;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A rule of a chain.
 *
 * @param peers the set that holds the other end's address; absent: every address. A set of {@link
 *     SetKind#HOST_PORTS} holds the destination's port too
 * @param ports the ports that match
 * @param action what happens to packets that match
 * @param causes the policy rules that the rule stands for, as {@code Kind/namespace/name#index}; no
 *     part of the chain's id
 */
public record Rule(Optional<SetId> peers, Ports ports, Action action, List<String> causes) {
  public Rule {
    Objects.requireNonNull(peers, "peers");
    Objects.requireNonNull(ports, "ports");
    Objects.requireNonNull(action, "action");
    causes = causes == null ? List.of() : causes.stream().distinct().sorted().toList();
  }

  /** Returns this rule, standing for these policy rules. */
  Rule causedBy(List<String> others) {
    return new Rule(peers, ports, action, others);
  }

  /** Returns what the kernel holds of the rule, as text. */
  public String canonical() {
    return peers.map(SetId::toString).orElse("*") + " " + ports.ranges() + " " + action;
  }
}
