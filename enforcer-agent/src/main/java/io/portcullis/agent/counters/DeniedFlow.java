package io.portcullis.agent.counters;

import io.portcullis.agent.netlink.PacketLog.Packet;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.nft.DeniedLog;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.Evaluator.Verdict;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A packet that policies denied, as people are told of it.
 *
 * @param micros when it was told, microseconds since 1970
 * @param flow as {@code tcp/80}, or the protocol's number
 * @param direction in which it was denied
 * @param pod at that end, {@code namespace/name}; empty as long as it is not known
 * @param reason rules or policies at that end, as the rules are now; none where those would let it
 *     pass
 */
public record DeniedFlow(
    long micros,
    IpAddress from,
    IpAddress to,
    String flow,
    Direction direction,
    String pod,
    List<String> reason) {

  /** Returns what people are told of a packet; empty if its prefix is not ours. */
  static Optional<DeniedFlow> of(Packet packet, RuleSet rules, long micros) {
    return DeniedLog.direction(packet.prefix())
        .map(direction -> of(packet, direction, rules, micros));
  }

  private static DeniedFlow of(Packet packet, Direction direction, RuleSet rules, long micros) {
    var port = port(packet);
    var flow = new Flow(packet.from(), packet.to(), port);
    return new DeniedFlow(
        micros,
        packet.from(),
        packet.to(),
        port.map(p -> p.protocol().nft() + "/" + p.number())
            .orElseGet(() -> Integer.toString(packet.protocol())),
        direction,
        rules.endpoint(direction.subject(flow)).map(Endpoint::pod).orElse(""),
        reason(rules, direction, flow));
  }

  private static Optional<Flow.Port> port(Packet packet) {
    return Stream.of(Protocol.values())
        .filter(protocol -> protocol.number() == packet.protocol())
        .filter(_ -> packet.port().isPresent())
        .map(protocol -> new Flow.Port(protocol, packet.port().getAsInt()))
        .findFirst();
  }

  private static List<String> reason(RuleSet rules, Direction direction, Flow flow) {
    for (var way : TrafficPath.values()) {
      if (way.direction() != direction) {
        continue;
      }
      var verdict = Evaluator.decide(rules, way, flow);
      if (!verdict.allowed()) {
        return switch (verdict) {
          case Verdict.ByRule byRule -> byRule.rule().causes();
          case Verdict.ByEnd(var chain, _) -> chain.policies();
          case Verdict.NoPolicy _, Verdict.Self _ -> List.of();
        };
      }
    }
    return List.of();
  }
}
