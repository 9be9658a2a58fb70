package io.portcullis.cluster;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Pod;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Makes equal parts of pods one object, because there are many pods and each is read by itself. One
 * thread uses it.
 */
public final class Interner {
  private final Map<Labels, WeakReference<Labels>> labels = new WeakHashMap<>();
  private final Map<List<ContainerPort>, WeakReference<List<ContainerPort>>> ports =
      new WeakHashMap<>();

  /** Returns an equal object that shares its parts with others. */
  public ClusterObject shared(ClusterObject object) {
    return object instanceof Pod pod ? shared(pod) : object;
  }

  /** Returns an equal pod that shares its parts with others. */
  public Pod shared(Pod pod) {
    return new Pod(
        new ObjectKey(
            pod.key().group().intern(),
            pod.key().kind().intern(),
            pod.key().namespace().intern(),
            pod.key().name()),
        new Origin(
            pod.origin().source().intern(),
            pod.origin().uid(),
            pod.origin().generation(),
            pod.origin().seenMicros(),
            pod.origin().failClosed(),
            pod.origin().kept()),
        shared(Labels.of(pod.labels())),
        pod.node().intern(),
        pod.addresses(),
        pod.hostNetwork(),
        pod.finished(),
        pod.createdMicros(),
        shared(pod.ports()),
        pod.owner().intern());
  }

  private Labels shared(Labels of) {
    var known = labels.get(of);
    var held = known == null ? null : known.get();
    if (held != null) {
      return held;
    }
    var interned = of.interned();
    labels.put(interned, new WeakReference<>(interned));
    return interned;
  }

  private List<ContainerPort> shared(List<ContainerPort> of) {
    if (of.isEmpty()) {
      return List.of();
    }
    var known = ports.get(of);
    var held = known == null ? null : known.get();
    if (held != null) {
      return held;
    }
    ports.put(of, new WeakReference<>(of));
    return of;
  }
}
