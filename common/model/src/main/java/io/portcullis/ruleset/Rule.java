package io.portcullis.ruleset;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One rule of a chain.
 *
 * @param peers the set that holds the other end's address; absent: every address. A set of {@link
 *     SetKind#HOST_PORTS} asks for the destination's port too
 * @param ports any, or a list
 * @param action what is done
 * @param causes the policy rules that it stands for, as {@code Kind/namespace/name#index}; no part
 *     of the id
 */
public record Rule(Optional<SetId> peers, Ports ports, Action action, List<String> causes) {
  public Rule {
    Objects.requireNonNull(peers, "peers");
    Objects.requireNonNull(ports, "ports");
    Objects.requireNonNull(action, "action");
    causes = causes == null ? List.of() : causes.stream().distinct().sorted().toList();
  }

  /** The same rule, which stands for these. */
  Rule causedBy(List<String> others) {
    return new Rule(peers, ports, action, others);
  }

  /** What the kernel will hold, as text. */
  public String canonical() {
    return peers.map(SetId::toString).orElse("*") + " " + ports.ranges() + " " + action;
  }
}
