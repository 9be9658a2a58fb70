package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.Protocol;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Finds pods whose egress is isolated without DNS. */
final class DnsLint {
  /** Labels of the pods that answer for names, as distributions set them. */
  private static final List<Map.Entry<String, String>> LABELS =
      List.of(
          Map.entry("k8s-app", "kube-dns"),
          Map.entry("k8s-app", "coredns"),
          Map.entry("dns.operator.openshift.io/daemonset-dns", "default"));

  /** Policies decide about the pod's own port (T3), which some distributions choose above 1023. */
  private static final Set<Integer> USUAL_PORTS = Set.of(53, 5353);

  private final Surroundings surroundings;
  private final Selections selections;
  private final Consumer<Finding> found;
  private final List<Pod> servers;
  private final Set<Integer> ports;

  DnsLint(Surroundings surroundings, Selections selections, Consumer<Finding> found) {
    this.surroundings = surroundings;
    this.selections = selections;
    this.found = found;
    this.servers =
        surroundings.byNamespace().values().stream()
            .flatMap(List::stream)
            .filter(pod -> LABELS.stream().anyMatch(pod.labels().entrySet()::contains))
            .toList();
    var known = new TreeSet<Integer>();
    servers.stream()
        .flatMap(pod -> pod.ports().stream())
        .filter(port -> port.protocol() == Protocol.UDP)
        .map(ContainerPort::number)
        .forEach(known::add);
    this.ports = known.isEmpty() ? USUAL_PORTS : known;
  }

  /**
   * Checks the NetworkPolicies of a namespace; each pod is told of at the first that isolates it.
   */
  void checkNamespace(Collection<NetworkPolicy> policies) {
    var told = new HashSet<Pod>();
    for (var policy : policies) {
      if (!policy.types().contains(Direction.EGRESS)) {
        continue;
      }
      var pods = surroundings.selected(policy.key().namespace(), policy.subjects());
      if (pods.isEmpty()) {
        withoutPods(policy, policies);
        continue;
      }
      var without = pods.stream().filter(pod -> !mayAsk(pod) && told.add(pod)).toList();
      if (!without.isEmpty()) {
        add(policy, "of " + Words.pods(without));
      }
    }
  }

  private void withoutPods(NetworkPolicy policy, Collection<NetworkPolicy> policies) {
    if (surroundings.knowPods()) {
      return;
    }
    var allowed =
        policies.stream()
            .filter(other -> Coverage.covers(other.subjects(), policy.subjects()))
            .flatMap(other -> WrittenRule.of(other, Direction.EGRESS).stream())
            .anyMatch(rule -> allowsPort(rule.match()));
    if (!allowed) {
      add(policy, "of the pods that it selects");
    }
  }

  private void add(NetworkPolicy policy, String whose) {
    found.accept(
        Finding.of(
            Check.EGRESS_WITHOUT_DNS,
            policy,
            WrittenRule.section(Direction.EGRESS),
            "no rule allows egress "
                + whose
                + " to "
                + (servers.isEmpty() ? "udp/53" : "the DNS pods " + Words.pods(servers))));
  }

  private boolean mayAsk(Pod pod) {
    var selection = selections.of(pod, Direction.EGRESS);
    var rules =
        selection.networkPolicies().orElse(List.of()).stream()
            .flatMap(policy -> WrittenRule.of(policy, Direction.EGRESS).stream());
    return rules.anyMatch(rule -> allowsPort(rule.match()) && allowsServer(rule))
        || selection.admin().stream()
            .flatMap(policy -> policy.egress().stream())
            .filter(rule -> rule.action() == TieredRule.Action.ACCEPT)
            .anyMatch(rule -> allowsPort(rule.match()));
  }

  private boolean allowsPort(PolicyRule rule) {
    return rule.peers().filter(List::isEmpty).isEmpty()
        && rule.ports().map(some -> some.stream().anyMatch(this::allows)).orElse(true);
  }

  private boolean allows(PortSpec port) {
    return switch (port) {
      case PortSpec.Numbered(var range) ->
          ports.stream().anyMatch(number -> range.contains(Protocol.UDP, number));
      case PortSpec.Named(var protocol, var name) ->
          protocol == Protocol.UDP
              && (servers.isEmpty()
                  || servers.stream()
                      .flatMap(pod -> pod.ports().stream())
                      .anyMatch(known -> known.name().equals(name)));
    };
  }

  private boolean allowsServer(WrittenRule rule) {
    return servers.isEmpty()
        || rule.match().peers().isEmpty()
        || rule.peers().stream().anyMatch(peer -> holdsServer(peer, rule));
  }

  private boolean holdsServer(Peer peer, WrittenRule rule) {
    return switch (peer) {
      case Peer.Pods pods ->
          surroundings.selected(pods, rule.policy().key().namespace()).anyMatch(servers::contains);
      case Peer.Block block ->
          BlockLint.ranges(block).stream()
              .anyMatch(
                  range ->
                      servers.stream()
                          .flatMap(pod -> pod.addresses().stream())
                          .anyMatch(range::contains));
      case Peer.Nodes _ -> false;
    };
  }
}
