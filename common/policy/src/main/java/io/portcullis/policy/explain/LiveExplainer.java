package io.portcullis.policy.explain;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.explain.Question.Party;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Answers questions about a cluster that changes all the time. Any thread may ask. A question holds
 * the cluster's lock, which whoever changes the cluster holds too, only while it takes the objects
 * that decide; it is answered from these alone.
 */
public final class LiveExplainer {
  private final Cluster cluster;
  private final Set<String> exemptNamespaces;

  public LiveExplainer(Cluster cluster, Set<String> exemptNamespaces) {
    this.cluster = cluster;
    this.exemptNamespaces = Set.copyOf(exemptNamespaces);
  }

  /** Answers a question as {@link Explainer} does, for the state at this moment. */
  public Answer answer(Question question) {
    var part = new Cluster(deciding(question));
    return new Explainer(part, exemptNamespaces).answer(question, cluster.podKeys());
  }

  private List<ClusterObject> deciding(Question question) {
    var keys = new ArrayList<ObjectKey>();
    var addresses = new ArrayList<IpAddress>();
    for (var party : List.of(question.from(), question.to())) {
      switch (party) {
        case Party.Address(var ip) -> addresses.add(ip);
        case Party.NamedPod(var key) -> keys.add(key);
      }
    }
    synchronized (cluster) {
      return cluster.deciding(keys, addresses);
    }
  }
}
