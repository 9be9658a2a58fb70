package io.portcullis.policy.reach;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.policy.rules.RuleSetCompiler;
import io.portcullis.policy.state.Cluster;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change before it is made.
 *
 * @param before what nodes hold without the change
 * @param after what they would hold with it
 */
public record Preview(Snapshot before, Snapshot after) {

  /**
   * Makes a change in a cluster.
   *
   * @param cluster the state before; the state after, when this returns
   * @param exempt the namespaces whose pods are subjects of no policy (T13)
   * @param changes the objects that are made or replaced; absent where one is deleted
   */
  public static Preview of(
      Cluster cluster, Set<String> exempt, Map<ObjectKey, Optional<ClusterObject>> changes) {
    var compiler = new RuleSetCompiler(cluster, exempt);
    var before = Snapshot.of(compiler);
    compiler.apply(changes);
    return new Preview(before, Snapshot.of(compiler));
  }
}
