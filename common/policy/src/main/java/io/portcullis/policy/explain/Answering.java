package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Service;
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
  private final Backends backends;
  private final Verdicts verdicts;

  /**
   * The verdicts on flows.
   *
   * @param direct on a flow to the destination's own address
   * @param translated on a flow that a Service sent there (A12)
   */
  record Verdicts(Function<Flow, Explanation> direct, Function<Flow, Explanation> translated) {}

  /**
   * @param known the pods whose names somebody may have meant
   */
  Answering(Cluster cluster, Collection<ObjectKey> known, Backends backends, Verdicts verdicts) {
    this.cluster = cluster;
    this.known = known;
    this.backends = backends;
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
    var service = service(question.from());
    if (service.isPresent()) {
      return new Answer.NoFlow(
          "the source is the address of %s, which sends nothing itself; ask about a pod"
              .formatted(Backends.name(service.get())));
    }
    return switch (found(question.from())) {
      case Found.Nothing(var reason) -> new Answer.NoSuchPod(reason);
      case Found.Addresses sources ->
          question.to() instanceof Party.Address(var asked) && service(question.to()).isPresent()
              ? behind(service(question.to()).get(), asked, sources, question.port())
              : direct(sources, question);
    };
  }

  private Optional<Service> service(Party party) {
    return switch (party) {
      case Party.Address(var ip) -> backends.service(ip);
      case Party.NamedPod _ -> Optional.empty();
    };
  }

  private Answer direct(Found.Addresses sources, Question question) {
    return switch (found(question.to())) {
      case Found.Nothing(var reason) -> new Answer.NoSuchPod(reason);
      case Found.Addresses(var destinations, var ofDestination) ->
          explained(
              flows(sources.ips(), destinations, question).stream()
                  .map(flow -> new Case(flow, verdicts.direct().apply(flow)))
                  .map(one -> noted(one, sources.note(), ofDestination))
                  .toList());
    };
  }

  /** Answers for the pods behind a Service, where its address is translated to theirs (T3). */
  private Answer behind(
      Service service, IpAddress asked, Found.Addresses sources, Optional<Flow.Port> port) {
    return switch (backends.found(service, asked, port)) {
      case Backends.Found.Nothing(var reason) -> new Answer.NoFlow(reason);
      case Backends.Found.Behind(var pods) ->
          explained(
              sources.ips().stream()
                  .filter(source -> source.family() == asked.family())
                  .flatMap(
                      source ->
                          new ServiceCases(service, asked, verdicts.translated())
                              .of(source, pods).stream())
                  .map(one -> noted(one, sources.note(), Optional.empty()))
                  .toList());
    };
  }

  private static Answer explained(List<Case> cases) {
    return cases.isEmpty()
        ? new Answer.NoFlow("the two ends have no addresses of one family")
        : new Answer.Explained(cases);
  }

  /** Gives the notes as the reasons of these ends. */
  private static Case noted(Case one, Optional<String> ofSource, Optional<String> ofDestination) {
    var explanation = one.explanation();
    return new Case(
        one.flow(),
        new Explanation(
            explanation.verdict(),
            noted(explanation.egress(), ofSource),
            noted(explanation.ingress(), ofDestination)));
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
