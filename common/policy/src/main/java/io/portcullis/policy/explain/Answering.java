package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.explain.Answer.Case;
import io.portcullis.policy.explain.Question.Party;
import io.portcullis.policy.state.Cluster;
import java.util.List;
import java.util.function.Function;

/** Finds the addresses that a question is about, and asks for the verdict on each pair. */
final class Answering {
  private Answering() {}

  /** The addresses of a party, or why there are none. */
  private sealed interface Found {
    record Addresses(List<IpAddress> ips) implements Found {}

    record Nothing(String reason) implements Found {}
  }

  static Answer answer(Cluster cluster, Question question, Function<Flow, Explanation> verdicts) {
    return switch (found(cluster, question.from())) {
      case Found.Nothing(var reason) -> new Answer.NoSuchPod(reason);
      case Found.Addresses(var sources) ->
          switch (found(cluster, question.to())) {
            case Found.Nothing(var reason) -> new Answer.NoSuchPod(reason);
            case Found.Addresses(var destinations) ->
                explained(flows(sources, destinations, question), verdicts);
          };
    };
  }

  private static Answer explained(List<Flow> flows, Function<Flow, Explanation> verdicts) {
    return flows.isEmpty()
        ? new Answer.NoFlow("the two ends have no addresses of one family")
        : new Answer.Explained(
            flows.stream().map(flow -> new Case(flow, verdicts.apply(flow))).toList());
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

  private static Found found(Cluster cluster, Party party) {
    return switch (party) {
      case Party.Address(var ip) -> new Found.Addresses(List.of(ip));
      case Party.NamedPod(var key) ->
          cluster
              .pod(key)
              .map(pod -> addresses(cluster, pod))
              .orElseGet(
                  () -> new Found.Nothing("there is no pod " + name(key) + near(cluster, key)));
    };
  }

  private static Found addresses(Cluster cluster, Pod pod) {
    var name = "pod " + name(pod.key());
    if (pod.finished()) {
      return new Found.Nothing(name + " has finished and does not count"); // T7
    }
    if (pod.addresses().isEmpty()) {
      return new Found.Nothing(name + " has no address and does not count"); // T7
    }
    if (pod.hostNetwork()) {
      return new Found.Addresses(pod.addresses().stream().sorted().toList()); // T6
    }
    var own = cluster.addresses(pod);
    return own.isEmpty()
        ? new Found.Nothing(name + " has no address of its own: a newer pod has it") // T11
        : new Found.Addresses(own);
  }

  private static String near(Cluster cluster, ObjectKey key) {
    var near =
        NearNames.of(name(key), cluster.pods().keySet().stream().map(Answering::name).toList());
    return near.isEmpty() ? "" : "; near: " + String.join(", ", near);
  }

  private static String name(ObjectKey pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
