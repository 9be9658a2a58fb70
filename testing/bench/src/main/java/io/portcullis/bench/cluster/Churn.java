package io.portcullis.bench.cluster;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/** Pods of a cluster that are deleted, and similar ones that replace them on other nodes. */
public final class Churn {
  private final Random random;
  private final PodAddresses addresses;
  private final List<Pod> pods;
  private Optional<Pod> gone = Optional.empty();
  private int made;

  public Churn(Collection<Pod> pods, int nodes, long seed) {
    this.pods = new ArrayList<>(pods);
    this.addresses = new PodAddresses(nodes);
    this.random = Random.from(new SplittableRandom(seed));
    pods.forEach(pod -> pod.addresses().forEach(addresses::occupy));
  }

  /** Returns the next event: one pod is deleted or added. */
  public Map<ObjectKey, Optional<ClusterObject>> next() {
    if (gone.isEmpty()) {
      var at = random.nextInt(pods.size());
      var pod = pods.set(at, pods.getLast());
      pods.removeLast();
      gone = Optional.of(pod);
      pod.addresses().forEach(addresses::free);
      return Map.of(pod.key(), Optional.empty());
    }
    var like = gone.get();
    gone = Optional.empty();
    var place = addresses.take(random);
    var pod =
        new Pod(
            ObjectKey.pod(like.key().namespace(), "again-" + ++made),
            ClusterBuilder.origin("again-uid-" + made),
            like.labels(),
            place.node(),
            List.of(place.address()),
            false,
            false,
            like.createdMicros() + made,
            like.ports());
    pods.add(pod);
    return Map.of(pod.key(), Optional.of(pod));
  }
}
