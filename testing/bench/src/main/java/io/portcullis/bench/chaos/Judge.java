package io.portcullis.bench.chaos;

import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether any version that may have been in force explains what a probe saw.
 *
 * @param nodes the logged versions of each node
 * @param kernels the kernels' histories, by node
 * @param moves when pods were created or removed
 */
public record Judge(
    Map<String, NodeVersions> nodes, Map<String, Timeline> kernels, List<PodMove> moves) {

  /** A pod whose place changed, and when, in microseconds since 1970. */
  public record PodMove(String pod, long from, long to) {}

  /**
   * A probe with its outcome.
   *
   * @param probe the probe
   * @param fromNode the node of its source, if that is a pod
   * @param toNode the node of its destination, if that is a pod
   * @param began when it began, microseconds since 1970
   * @param ended when it ended, microseconds since 1970
   * @param outcome what it saw
   */
  public record ProbeResult(
      Probe probe,
      Optional<String> fromNode,
      Optional<String> toNode,
      long began,
      long ended,
      Outcome outcome) {}

  /** The verdict on a probe's outcome. */
  public enum Verdict {
    /** A version in force explains the outcome. */
    RIGHT,
    /**
     * No version explains the outcome, but one of its ends was being created or removed, or was not
     * known to any version yet (C1), or a change was under way.
     */
    EXCUSED,
    /** No version in force explains the outcome. */
    WRONG
  }

  /** The rules that may have been in force at one end. */
  private record End(List<RuleSet> rules, boolean unsettled) {
    static final End OUTSIDE = new End(List.of(RuleSet.EMPTY), false);
  }

  public Judge {
    nodes = Map.copyOf(nodes);
    kernels = Map.copyOf(kernels);
    moves = List.copyOf(moves);
  }

  public Verdict verdict(ProbeResult tried) {
    var flow = tried.probe().flow();
    var from = end(tried.fromNode(), flow.source(), tried);
    var to = end(tried.toNode(), flow.destination(), tried);
    return switch (tried.outcome()) {
      case Outcome.Answered _, Outcome.Refused _ ->
          mayPass(tried, from, to, flow) ? Verdict.RIGHT : Verdict.WRONG;
      case Outcome.Silent _ -> {
        if (from.rules().stream().anyMatch(rules -> !allows(rules, TrafficPath.EGRESS, flow))
            || to.rules().stream().anyMatch(rules -> !allows(rules, TrafficPath.INGRESS, flow))) {
          yield Verdict.RIGHT;
        }
        var excused =
            from.unsettled()
                || to.unsettled()
                || isUnknown(from, flow.source())
                || isUnknown(to, flow.destination())
                || moved(tried);
        yield excused ? Verdict.EXCUSED : Verdict.WRONG;
      }
      case Outcome.Failed _ -> moved(tried) ? Verdict.EXCUSED : Verdict.WRONG;
    };
  }

  /** Tells whether only one outcome was possible: the opposite would have been wrong. */
  public boolean isDecided(ProbeResult tried) {
    var opposite = tried.outcome().reached() ? new Outcome.Silent() : new Outcome.Answered();
    return verdict(
            new ProbeResult(
                tried.probe(),
                tried.fromNode(),
                tried.toNode(),
                tried.began(),
                tried.ended(),
                opposite))
        == Verdict.WRONG;
  }

  private static boolean mayPass(ProbeResult tried, End from, End to, Flow flow) {
    if (tried.fromNode().isPresent() && tried.fromNode().equals(tried.toNode())) {
      return from.rules().stream()
          .anyMatch(
              rules ->
                  allows(rules, TrafficPath.EGRESS, flow)
                      && allows(rules, TrafficPath.INGRESS, flow));
    }
    return from.rules().stream().anyMatch(rules -> allows(rules, TrafficPath.EGRESS, flow))
        && to.rules().stream().anyMatch(rules -> allows(rules, TrafficPath.INGRESS, flow));
  }

  private static boolean allows(RuleSet rules, TrafficPath way, Flow flow) {
    return Evaluator.decide(rules, way, flow).allowed();
  }

  /** Tells whether the guard keeps this address from sending and receiving. */
  private static boolean isUnknown(End end, IpAddress address) {
    return end.rules().stream()
        .filter(rules -> rules.endpoint(address).isEmpty())
        .flatMap(rules -> rules.podCidrs().stream())
        .anyMatch(guarded -> guarded.range().contains(address));
  }

  private End end(Optional<String> node, IpAddress address, ProbeResult tried) {
    return node.map(name -> end(name, address, tried)).orElse(End.OUTSIDE);
  }

  private End end(String node, IpAddress address, ProbeResult tried) {
    var possible = kernels.get(node).possible(tried.began(), tried.ended());
    var flow = tried.probe().flow();
    var rules = new ArrayList<RuleSet>();
    for (var span : possible.versions()) {
      rules.addAll(nodes.get(node).between(span.first(), span.last(), flow));
    }
    if (possible.nothing()) {
      rules.add(RuleSet.EMPTY);
    }
    var guarded = possible.closed() && nodes.get(node).hasPodCidrOf(address);
    if (possible.closed() && !guarded) {
      rules.add(RuleSet.EMPTY);
    }
    return new End(rules, possible.unsettled() || guarded);
  }

  private boolean moved(ProbeResult tried) {
    var probe = tried.probe();
    return anyMoved(List.of(probe.from().name(), probe.to().name()), tried.began(), tried.ended());
  }

  /** Tells whether one of these pods was being created or removed at some moment of this time. */
  public boolean anyMoved(Collection<String> pods, long began, long ended) {
    return moves.stream()
        .anyMatch(move -> pods.contains(move.pod()) && move.from() <= ended && began <= move.to());
  }

  /** Returns one line: what was tried, what was seen, what may have been in force. */
  public String text(ProbeResult tried) {
    return "%s at %d to %d saw: %s; %s; %s"
        .formatted(
            tried.probe(),
            tried.began(),
            tried.ended(),
            tried.outcome().text(),
            text("from", tried.fromNode(), tried),
            text("to", tried.toNode(), tried));
  }

  private String text(String end, Optional<String> node, ProbeResult tried) {
    return end
        + " "
        + node.map(name -> name + " " + kernels.get(name).possible(tried.began(), tried.ended()))
            .orElse("outside");
  }

  /** Returns where a node's kernel held a version that the log does not have, or went back. */
  public List<String> wrongKernels() {
    var wrong = new ArrayList<String>();
    kernels.forEach(
        (node, kernel) -> {
          var last = 0L;
          for (var stamp : kernel.stamps()) {
            if (!nodes.get(node).holds(stamp)) {
              wrong.add(node + ": its kernel held a version that is not in history: " + stamp);
            }
            if (stamp.number() < last && !kernel.isRecalled(stamp)) {
              wrong.add(node + ": its kernel went back from version " + last + ": " + stamp);
            }
            last = stamp.number();
          }
        });
    return wrong;
  }
}
