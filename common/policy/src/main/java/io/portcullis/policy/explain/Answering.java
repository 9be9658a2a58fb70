package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.explain.Answer.Case;
import io.portcullis.policy.explain.Explanation.End;
import io.portcullis.policy.explain.Question.Party;
import io.portcullis.policy.state.Cluster;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the addresses that a question is about, and asks for the verdict on each pair. */
final class Answering {
  private final Cluster cluster;
  private final Collection<ObjectKey> known;
  private final Function<Flow, Explanation> verdicts;

  /**
   * @param known the pods whose names somebody may have meant
   */
  Answering(Cluster cluster, Collection<ObjectKey> known, Function<Flow, Explanation> verdicts) {
    this.cluster = cluster;
    this.known = known;
    this.verdicts = verdicts;
  }

  /** The addresses of a party, or why there are none. */
  private sealed interface Found {
    /**
     * @param note what to know about the party; empty for a plain one
     */
    record Addresses(List<IpAddress> ips, Optional<String> note) implements Found {}

    record Nothing(String reason) implements Found {}
  }

  Answer answer(Question question) {
    return switch (found(question.from())) {
      case Found.Nothing(var reason) -> new Answer.NoSuchPod(reason);
      case Found.Addresses(var sources, var ofSource) ->
          switch (found(question.to())) {
            case Found.Nothing(var reason) -> new Answer.NoSuchPod(reason);
            case Found.Addresses(var destinations, var ofDestination) ->
                explained(
                    flows(sources, destinations, question),
                    flow -> noted(verdicts.apply(flow), ofSource, ofDestination));
          };
    };
  }

  private static Answer explained(List<Flow> flows, Function<Flow, Explanation> verdicts) {
    return flows.isEmpty()
        ? new Answer.NoFlow("the two ends have no addresses of one family")
        : new Answer.Explained(
            flows.stream().map(flow -> new Case(flow, verdicts.apply(flow))).toList());
  }

  /** Gives the notes as the reasons of these ends. */
  private static Explanation noted(
      Explanation explanation, Optional<String> ofSource, Optional<String> ofDestination) {
    return new Explanation(
        explanation.verdict(),
        noted(explanation.egress(), ofSource),
        noted(explanation.ingress(), ofDestination));
  }

  private static End noted(End end, Optional<String> note) {
    return end.tier() == Explanation.Tier.DEFAULT ? note.map(end::because).orElse(end) : end;
  }

  private static List<Flow> flows(
      List<IpAddress> sources, List<IpAddress> destinations, Question question) {
    return sources.stream()
        .flatMap(
            source ->
                destinations.stream()
                    .filter(destination -> destination.family() == source.family()) // T8
                    .map(destination -> new Flow(source, destination, question.port())))
        .toList();
  }

  private Found found(Party party) {
    return switch (party) {
      case Party.Address(var ip) -> new Found.Addresses(List.of(ip), Optional.empty());
      case Party.NamedPod(var key) ->
          cluster
              .pod(key)
              .map(this::addresses)
              .orElseGet(() -> new Found.Nothing("there is no pod " + name(key) + near(key)));
    };
  }

  private Found addresses(Pod pod) {
    var name = "pod " + name(pod.key());
    if (pod.finished()) {
      return new Found.Nothing(name + " has finished and does not count"); // T7
    }
    if (pod.addresses().isEmpty()) {
      return new Found.Nothing(name + " has no address and does not count"); // T7
    }
    if (pod.hostNetwork()) {
      return new Found.Addresses( // T6
          pod.addresses().stream().sorted().toList(),
          Optional.of(
              name
                  + " is on "
                  + (pod.node().isEmpty() ? "its node" : pod.node())
                  + "'s network; selectors do not match it (T6)"));
    }
    var own = cluster.addresses(pod);
    return own.isEmpty()
        ? new Found.Nothing(name + " has no address of its own: a newer pod has it") // T11
        : new Found.Addresses(own, Optional.empty());
  }

  private String near(ObjectKey key) {
    var near = NearNames.of(name(key), known.stream().map(Answering::name).toList());
    return near.isEmpty() ? "" : "; near: " + String.join(", ", near);
  }

  private static String name(ObjectKey pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
