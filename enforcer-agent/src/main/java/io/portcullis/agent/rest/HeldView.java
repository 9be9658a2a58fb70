package io.portcullis.agent.rest;

import io.portcullis.agent.counters.Counts;
import io.portcullis.agent.status.AgentStatus;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.cluster.Direction;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Marker;
import java.util.List;
import java.util.Optional;

/**
 * The version that the agent holds.
 *
 * @param hits of policies' rules, over changes of chains and restarts
 * @param denied packets of each local address
 */
record HeldView(
    String node,
    long version,
    String digest,
    String topicId,
    long committedMicros,
    Optional<Long> compiledMicros,
    String topic,
    Optional<String> error,
    List<Hits> hits,
    List<Denied> denied,
    List<RecordView> records) {

  /** The hits of a policy's rule: how often it decided about a new connection. */
  record Hits(Direction direction, String verdict, List<String> causes, long packets, long bytes) {}

  /** What policies denied to a local address, or from it. */
  record Denied(IpAddress ip, String pod, Direction direction, long packets, long bytes) {}

  static HeldView of(AgentStatus status, EnforcedVersion held, Counts counts) {
    return new HeldView(
        status.node(),
        held.stamp().version(),
        held.stamp().digest(),
        held.stamp().topicId(),
        held.times().committed(),
        held.marker().map(Marker::compiledMicros),
        status.topic().toString(),
        status.error(),
        hits(counts),
        denied(counts),
        RecordView.of(held.rules(), counts.chains()));
  }

  private static List<Hits> hits(Counts counts) {
    return counts.hits().entrySet().stream()
        .map(
            hit ->
                new Hits(
                    hit.getKey().direction(),
                    hit.getKey().verdict(),
                    hit.getKey().causes(),
                    hit.getValue().packets(),
                    hit.getValue().bytes()))
        .toList();
  }

  private static List<Denied> denied(Counts counts) {
    return counts.denied().stream()
        .map(
            denied ->
                new Denied(
                    denied.ip(),
                    denied.pod(),
                    denied.direction(),
                    denied.counter().packets(),
                    denied.counter().bytes()))
        .toList();
  }
}
