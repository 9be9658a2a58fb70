package io.portcullis.bench.conformance;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.oracle.NetworkText;
import io.portcullis.policy.reach.Level;
import io.portcullis.policy.reach.Party;
import io.portcullis.policy.reach.Row;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What probes see after a change: what they saw before it, but for what a preview by pod says is
 * opened or closed.
 *
 * @param before the state before, which has the same pods and nodes at the same addresses
 * @param seen which flows passed before
 */
record Foretold(Snapshot before, List<Row> rows, Map<Flow, Boolean> seen) implements Expected {

  @Override
  public boolean allowed(Flow flow) {
    return seen.get(flow) != effect(flow).isPresent();
  }

  @Override
  public boolean allowedThroughService(Flow flow) {
    return allowed(flow);
  }

  /** Returns what preview says of a flow; from a pod to itself means through a service. */
  Optional<Effect> effect(Flow flow) {
    return rows.stream()
        .filter(row -> row.families().contains(flow.source().family()))
        .filter(row -> row.ports().contains(flow.port()))
        .filter(row -> isAt(row.source().party(), flow.source(), flow.destination()))
        .filter(row -> isReached(row.destination().party(), flow))
        .map(Row::effect)
        .findAny();
  }

  /** Returns what cannot come true: what passed before is said to open, or the other way round. */
  List<String> contradictions() {
    return seen.entrySet().stream()
        .flatMap(
            entry ->
                effect(entry.getKey()).stream()
                    .filter(effect -> (effect == Effect.OPENED) == entry.getValue())
                    .map(
                        effect ->
                            "%s: preview says %s, before the change: %s"
                                .formatted(
                                    entry.getKey(),
                                    effect,
                                    entry.getValue() ? "passed" : "did not pass")))
        .sorted()
        .toList();
  }

  private boolean isReached(Party party, Flow flow) {
    return flow.source().equals(flow.destination())
        ? party instanceof Party.ItselfThroughService
        : isAt(party, flow.destination(), flow.source());
  }

  private boolean isAt(Party party, IpAddress address, IpAddress other) {
    var pod = before.pods().get(address);
    return switch (party) {
      case Party.Pods(var name) -> pod != null && Level.POD.name(pod).equals(name);
      case Party.Nodes(var name) ->
          !isOwnNode(other, address)
              && nodes(address).stream().anyMatch(n -> name.equals("node " + n));
      case Party.OwnNode _ -> isOwnNode(other, address);
      case Party.ItselfThroughService _ -> false;
      case Party.Outside(var text) ->
          pod == null && nodes(address).isEmpty() && NetworkText.contains(text, address);
    };
  }

  private boolean isOwnNode(IpAddress pod, IpAddress node) {
    var of = before.pods().get(pod);
    return of != null && nodes(node).contains(of.node());
  }

  private Set<String> nodes(IpAddress address) {
    return before.nodes().getOrDefault(address, Set.of());
  }
}
