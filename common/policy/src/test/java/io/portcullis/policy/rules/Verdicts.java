package io.portcullis.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.oracle.Oracle;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.explain.Explanation;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verdicts on one cluster, by its compiled rules and by the oracle, which must agree. */
public final class Verdicts {
  private final List<ClusterObject> objects;
  private final Set<String> exempt;
  private final Explainer explainer;

  private Verdicts(List<ClusterObject> objects, Set<String> exempt) {
    this.objects = List.copyOf(objects);
    this.exempt = exempt;
    this.explainer = new Explainer(new Cluster(objects), exempt);
  }

  public static Verdicts of(ClusterObject... objects) {
    return new Verdicts(Arrays.asList(objects), Set.of());
  }

  public Verdicts and(ClusterObject... more) {
    var all = new ArrayList<>(objects);
    all.addAll(Arrays.asList(more));
    return new Verdicts(all, exempt);
  }

  public Verdicts exempting(String namespace) {
    return new Verdicts(objects, Set.of(namespace));
  }

  /**
   * @param port {@code tcp/80}, or {@code icmp}
   */
  public boolean allows(String from, String to, String port) {
    var flow = flow(from, to, port);
    var allowed = explain(from, to, port).verdict() == Explanation.Outcome.ALLOWED;
    assertThat(explainer.allows(flow)).as("%s explained", flow).isEqualTo(allowed);
    assertThat(new Oracle(objects, exempt).allowed(flow)).as("%s meant", flow).isEqualTo(allowed);
    return allowed;
  }

  /** Tells whether a pod reaches itself through a service, as its node sees it (A12). */
  public boolean allowsThroughService(String pod, String port) {
    var flow = flow(pod, pod, port);
    var cluster = new Cluster(objects);
    var node = cluster.owner(flow.source()).orElseThrow().node();
    var rules = new RuleSetCompiler(cluster, exempt).compile(node);
    var allowed =
        Evaluator.decide(rules, TrafficPath.EGRESS, flow).allowed()
            && Evaluator.decide(rules, TrafficPath.INGRESS, flow).allowed();
    assertThat(new Oracle(objects, exempt).allowedThroughService(flow.source(), flow.port()))
        .as("%s meant", flow)
        .isEqualTo(allowed);
    return allowed;
  }

  public Explanation explain(String from, String to, String port) {
    return explainer.explain(flow(from, to, port));
  }

  private static Flow flow(String from, String to, String port) {
    var parsed =
        port.equals("icmp")
            ? Optional.<Flow.Port>empty()
            : Optional.of(PortRange.parse(port))
                .map(range -> new Flow.Port(range.protocol(), range.first()));
    return new Flow(IpAddress.parse(from), IpAddress.parse(to), parsed);
  }
}
