package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord.Chain;
import java.util.List;
import java.util.Set;

/** The chain of one tier, shared by all pods for which it follows from the same policies. */
final class LiveChain {
  final Key key;
  final Chain chain;
  final Set<LiveSet> sets;

  /** How many paths it is part of. */
  int users;

  /**
   * What the chain of a tier follows from.
   *
   * @param ports the ports of the pod that the policies name
   * @param isolated the namespace whose annotation isolates the pod (L1), or empty
   * @param next what happens to traffic that no rule matches
   */
  record Key(
      Direction direction,
      Family family,
      List<ContainerPort> ports,
      SameObjects policies,
      String isolated,
      Action next) {}

  /** Objects compared by identity: an equal object that came later is another one. */
  static final class SameObjects {
    private final List<? extends ClusterObject> objects;
    private final int hash;

    SameObjects(List<? extends ClusterObject> objects) {
      this.objects = objects;
      var sum = 0;
      for (var object : objects) {
        sum = 31 * sum + System.identityHashCode(object);
      }
      this.hash = sum;
    }

    @Override
    public boolean equals(Object other) {
      if (!(other instanceof SameObjects that) || objects.size() != that.objects.size()) {
        return false;
      }
      for (var i = 0; i < objects.size(); i++) {
        if (objects.get(i) != that.objects.get(i)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  LiveChain(Key key, Chain chain, Set<LiveSet> sets) {
    this.key = key;
    this.chain = chain;
    this.sets = sets;
  }
}
