package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Service;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.explain.Explanation.End;
import io.portcullis.policy.explain.Explanation.Outcome;
import io.portcullis.policy.explain.Explanation.Tier;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.Evaluator.Verdict;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.TrafficPath;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Explains flows by the same rule sets that nodes enforce, in one state of a cluster, which is
 * compiled at the first question. Any thread may ask.
 */
public final class Explainer {
  private final Cluster cluster;
  private final Set<String> exemptNamespaces;
  private final List<Service> services;
  private Optional<RuleSetCompiler> compiler = Optional.empty();

  /** Makes an explainer that knows no Services. */
  public Explainer(Cluster cluster, Set<String> exemptNamespaces) {
    this(cluster, exemptNamespaces, List.of());
  }

  /**
   * @param services whose addresses may be asked about, for the pods behind them (T3)
   */
  public Explainer(Cluster cluster, Set<String> exemptNamespaces, Collection<Service> services) {
    this.cluster = cluster;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
    this.services = List.copyOf(services);
  }

  private RuleSetCompiler compiler() {
    if (compiler.isEmpty()) {
      compiler = Optional.of(new RuleSetCompiler(cluster, exemptNamespaces));
    }
    return compiler.get();
  }

  private RuleSet ruleSet(Pod pod) {
    return compiler().compile(pod.node());
  }

  /** Answers a question for every pair of addresses of the ends that can communicate (T8). */
  public Answer answer(Question question) {
    return answer(question, cluster.podKeys());
  }

  /**
   * Answers a question likewise.
   *
   * @param known the pods whose names somebody may have meant
   */
  synchronized Answer answer(Question question, Collection<ObjectKey> known) {
    var verdicts = new Answering.Verdicts(this::explain, this::explainTranslated);
    return new Answering(cluster, known, new Backends(cluster, services), verdicts)
        .answer(question);
  }

  /** Explains the verdict on the first packet of a connection (T1, T2). */
  public synchronized Explanation explain(Flow flow) {
    var translated = explainTranslated(flow);
    return flow.source().equals(flow.destination())
        ? cluster.owner(flow.source()).map(pod -> itself(pod, translated)).orElse(translated)
        : translated;
  }

  /** Explains the verdict on a connection that a Service sent to this destination (T3, A12). */
  synchronized Explanation explainTranslated(Flow flow) {
    return Explanation.of(
        end(Direction.EGRESS, flow, flow.source()),
        end(Direction.INGRESS, flow, flow.destination()));
  }

  /** Returns the verdict of {@link #explain} alone, which is faster for many flows. */
  public synchronized boolean allows(Flow flow) {
    return allows(Direction.EGRESS, flow, flow.source())
        && allows(Direction.INGRESS, flow, flow.destination());
  }

  private boolean allows(Direction direction, Flow flow, IpAddress subject) {
    return cluster
        .owner(subject)
        .filter(_ -> !flow.source().equals(flow.destination())) // T4
        .filter(pod -> unrestricted(pod, direction, flow).isEmpty())
        .map(pod -> Evaluator.decide(ruleSet(pod), path(pod, direction, flow), flow).allowed())
        .orElse(true); // T1
  }

  private End end(Direction direction, Flow flow, IpAddress subject) {
    var owner = cluster.owner(subject);
    if (owner.isEmpty()) {
      return silent(noPod(subject, direction)); // T1
    }
    var pod = owner.get();
    return unrestricted(pod, direction, flow)
        .map(Explainer::silent)
        .orElseGet(() -> decided(pod, path(pod, direction, flow), flow));
  }

  private static Explanation itself(Pod pod, Explanation throughService) {
    return Explanation.of(
        itself(pod, throughService.egress()), itself(pod, throughService.ingress()));
  }

  /** Returns the verdict on what a pod sends to its own address, whatever a service does (T4). */
  private static End itself(Pod pod, End throughService) {
    var own = name(pod) + " reaches itself by its own address";
    return silent(
        switch (throughService.verdict()) {
          case ALLOWED -> own;
          case DENIED -> own + "; through a service it does not: " + throughService.reason(); // A12
        });
  }

  private String noPod(IpAddress address, Direction direction) {
    var node =
        cluster.nodeObjects().stream().filter(n -> n.addresses().contains(address)).findFirst();
    if (node.isPresent()) {
      return "%s is an address of node %s; selectors of pods do not match it (T6)"
          .formatted(address, node.get().key().name());
    }
    return address
        + " is not a pod of this cluster"
        + switch (direction) {
          case INGRESS -> // T3
              "; if it is a Service's address, ask about one of its endpoints: policies match pods'"
                  + " addresses after translation, never a Service's";
          case EGRESS -> "";
        };
  }

  /** Returns why no rule applies to a flow of this pod; empty if rules apply. */
  private Optional<String> unrestricted(Pod pod, Direction direction, Flow flow) {
    if (pod.node().isEmpty()) {
      return Optional.of(name(pod) + " is on no node, so nothing enforces policies on it");
    }
    if (exemptNamespaces.contains(pod.key().namespace())) { // T13
      return Optional.of("namespace " + pod.key().namespace() + " is exempt from all policies");
    }
    return switch (direction) {
      case INGRESS ->
          cluster.ownNode(pod, flow.source()).map(_ -> runsOn(pod, flow.source())); // T5
      case EGRESS -> Optional.empty();
    };
  }

  private TrafficPath path(Pod pod, Direction direction, Flow flow) {
    return direction == Direction.EGRESS && cluster.ownNode(pod, flow.destination()).isPresent()
        ? TrafficPath.TO_OWN_NODE // T5
        : TrafficPath.of(direction);
  }

  private End decided(Pod pod, TrafficPath path, Flow flow) {
    var verdict = Evaluator.decide(ruleSet(pod), path, flow);
    return switch (verdict) {
      case Verdict.NoPolicy _ -> silent(untouched(pod, path, flow));
      case Verdict.Self _ -> silent("NetworkPolicies do not restrict that"); // T4
      case Verdict.ByRule _, Verdict.ByEnd _ -> {
        var end =
            new RuleTrace(
                    compiler().selection(path.direction().subject(flow), path.direction()),
                    pod,
                    path,
                    cluster.owner(flow.destination()),
                    (policy, rule) -> compiler().matches(policy, rule, pod, path.direction(), flow))
                .end();
        if (end.verdict() != Outcome.of(verdict.allowed())) {
          throw new IllegalStateException(
              "the rules say %s and the policies %s of %s"
                  .formatted(Outcome.of(verdict.allowed()), end, flow));
        }
        yield end;
      }
    };
  }

  private static String untouched(Pod pod, TrafficPath path, Flow flow) {
    return switch (path) {
      case INGRESS -> "no policy isolates " + name(pod) + " for ingress";
      case EGRESS -> "no policy isolates " + name(pod) + " for egress";
      case TO_OWN_NODE ->
          runsOn(pod, flow.destination()) + ": NetworkPolicies do not restrict that"; // T5
    };
  }

  private static String runsOn(Pod pod, IpAddress address) {
    return address + " is node " + pod.node() + ", which " + name(pod) + " runs on";
  }

  private static End silent(String reason) {
    return new End(Outcome.ALLOWED, Tier.DEFAULT, "", "", reason);
  }

  private static String name(Pod pod) {
    return "pod " + pod.key().namespace() + "/" + pod.key().name();
  }
}
