package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Runs all checks. */
public final class Linter {
  private Linter() {}

  /**
   * Returns what authors may not have meant, in the order of files and objects. Objects that were
   * refused are not looked at; what they say is not in force.
   */
  public static List<Finding> findings(Cluster cluster) {
    var found = new ArrayList<Finding>();
    var surroundings = new Surroundings(cluster);
    var networkPolicies = new TreeMap<String, List<NetworkPolicy>>();
    var tiered = new ArrayList<TieredPolicy>();
    for (var key : new TreeSet<>(cluster.all().policies())) {
      cluster
          .networkPolicy(key)
          .filter(policy -> !policy.origin().failClosed())
          .ifPresent(
              policy ->
                  networkPolicies
                      .computeIfAbsent(key.namespace(), _ -> new ArrayList<>())
                      .add(policy));
      cluster
          .tieredPolicy(key)
          .filter(policy -> !policy.origin().failClosed())
          .ifPresent(tiered::add);
    }
    var selections = new Selections(surroundings, networkPolicies, tiered);
    var selectionLint = new SelectionLint(surroundings, found::add);
    var ruleLint = new RuleLint(surroundings, found::add);
    var orderLint = new OrderLint(found::add);
    var dnsLint = new DnsLint(surroundings, selections, found::add);
    var isolationLint = new IsolationLint(surroundings, selections, found::add);
    for (var policies : networkPolicies.values()) {
      policies.forEach(selectionLint::check);
      policies.forEach(ruleLint::check);
      orderLint.checkNamespace(policies);
      dnsLint.checkNamespace(policies);
    }
    tiered.forEach(selectionLint::check);
    tiered.forEach(ruleLint::check);
    orderLint.checkTiers(tiered);
    surroundings.byNamespace().keySet().forEach(isolationLint::check);
    return found.stream().sorted().distinct().toList();
  }
}
