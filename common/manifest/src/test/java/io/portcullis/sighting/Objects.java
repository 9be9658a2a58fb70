package io.portcullis.sighting;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Small objects and sightings for tests. */
public final class Objects {
  private Objects() {}

  public static Origin origin(String file, long seen) {
    return new Origin(file, "", 0, seen);
  }

  /** A policy whose subjects carry {@code app=<app>}, so that two forms of it differ. */
  public static NetworkPolicy policy(String name, String app, Origin origin) {
    return new NetworkPolicy(
        new ObjectKey("networking.k8s.io", "NetworkPolicy", "shop", name),
        origin,
        LabelSelector.labels(Map.of("app", app)),
        Set.of(Direction.INGRESS),
        List.of(),
        List.of());
  }

  public static Namespace namespace(String name, String team, boolean isolated, Origin origin) {
    return new Namespace(ObjectKey.namespace(name), origin, Map.of("team", team), isolated);
  }

  public static NetworkPolicy failClosed(NetworkPolicy policy) {
    return new NetworkPolicy(
        policy.key(),
        policy.origin().ofFailClosedForm(),
        policy.subjects(),
        policy.types(),
        List.of(PolicyRule.NOTHING),
        List.of());
  }

  public static Sighting refused(NetworkPolicy policy, Optional<ClusterObject> failClosed) {
    return new Sighting.Invalid(
        policy.key(),
        policy.origin().source(),
        policy.origin().uid(),
        failClosed,
        List.of(problem(policy.origin().source(), policy.key().display())));
  }

  public static Sighting unreadable(String source) {
    return new Sighting.Unreadable(source, problem(source, "document 1"));
  }

  public static Problem problem(String source, String object) {
    return new Problem(source, object, "spec", "broken", Severity.ERROR);
  }

  static Map<ObjectKey, ClusterObject> published(ClusterObject... objects) {
    var all = new TreeMap<ObjectKey, ClusterObject>();
    for (var object : objects) {
      all.put(object.key(), object);
    }
    return all;
  }
}
