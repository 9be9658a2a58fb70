package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A random change of a small random cluster. The same seed makes the same change.
 *
 * @param kinds what is done, in order
 * @param before the objects before the change
 * @param objects the objects that the change makes or replaces; absent where it deletes one
 */
public record RandomChange(
    List<Kind> kinds,
    List<ClusterObject> before,
    SortedMap<ObjectKey, Optional<ClusterObject>> objects) {
  private static final int MOST_AT_ONCE = 3;
  private static final List<String> OWNERS = List.of("", "ReplicaSet/web", "StatefulSet/store");

  /** What a change does to one object. */
  public enum Kind {
    POLICY_ADDED,
    POLICY_CHANGED,
    POLICY_DELETED,
    POD_LABELS,
    POD_PORTS,
    NAMESPACE_LABELS,
    POD_ADDED,
    POD_DELETED,
    POD_MOVED,
    POD_OWNER;

    /** The kinds after which the same pods have the same addresses. */
    public static final Set<Kind> OF_RULES =
        Collections.unmodifiableSet(EnumSet.range(POLICY_ADDED, NAMESPACE_LABELS));

    /** The kinds that change pods. */
    public static final Set<Kind> OF_PODS =
        Collections.unmodifiableSet(
            EnumSet.of(POD_LABELS, POD_PORTS, POD_ADDED, POD_DELETED, POD_MOVED, POD_OWNER));
  }

  public RandomChange {
    kinds = List.copyOf(kinds);
    before = List.copyOf(before);
    objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
  }

  /** Returns the change of a seed: of up to three objects of a cluster, which also has owners. */
  public static RandomChange of(long seed, Set<Kind> kinds) {
    var random = Random.from(new SplittableRandom(seed));
    return next(
        RandomClusters.next(random).stream().map(o -> owned(o, random)).toList(), kinds, random);
  }

  /** Draws a change of a cluster. */
  public static RandomChange next(
      Collection<ClusterObject> before, Set<Kind> kinds, Random random) {
    var state = new TreeMap<ObjectKey, ClusterObject>();
    before.forEach(object -> state.put(object.key(), object));
    var objects = new TreeMap<ObjectKey, Optional<ClusterObject>>();
    var drawn = new ArrayList<Kind>();
    var count = 1 + random.nextInt(MOST_AT_ONCE);
    while (drawn.size() < count) {
      var kind = one(List.copyOf(kinds.stream().sorted().toList()), random);
      var change = new Drawing(state, random).draw(kind);
      if (change.isPresent()) {
        var done = change.get();
        objects.put(done.key(), done.object());
        done.object().ifPresentOrElse(o -> state.put(o.key(), o), () -> state.remove(done.key()));
        drawn.add(kind);
      }
    }
    return new RandomChange(drawn, List.copyOf(before), objects);
  }

  /** Returns the objects after the change. */
  public List<ClusterObject> after() {
    var after = new TreeMap<ObjectKey, ClusterObject>();
    before.forEach(object -> after.put(object.key(), object));
    objects.forEach(
        (key, object) -> object.ifPresentOrElse(o -> after.put(key, o), () -> after.remove(key)));
    return List.copyOf(after.values());
  }

  private static <T> T one(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static ClusterObject owned(ClusterObject object, Random random) {
    return object instanceof Pod pod
        ? with(pod, pod.labels(), pod, pod, one(OWNERS, random))
        : object;
  }

  /** Returns a pod with the place of a second one and the ports of a third. */
  private static Pod with(Pod pod, Map<String, String> labels, Pod place, Pod ports, String owner) {
    return new Pod(
        pod.key(),
        pod.origin(),
        labels,
        place.node(),
        place.addresses(),
        place.hostNetwork(),
        place.finished(),
        place.createdMicros(),
        ports.ports(),
        owner);
  }

  private record Done(ObjectKey key, Optional<ClusterObject> object) {}

  /** Draws a change of one object, with parts of an object of another cluster. */
  private record Drawing(Map<ObjectKey, ClusterObject> state, Random random) {

    /** Returns a change of this kind; absent where what was drawn does not fit. */
    Optional<Done> draw(Kind kind) {
      return switch (kind) {
        case POLICY_ADDED -> added(Drawing::isPolicy);
        case POLICY_CHANGED ->
            foreign(o -> isPolicy(o) && state.containsKey(o.key())).flatMap(this::put);
        case POLICY_DELETED -> deleted(Drawing::isPolicy);
        case NAMESPACE_LABELS -> foreign(o -> o instanceof Namespace).flatMap(this::put);
        case POD_ADDED -> added(o -> o instanceof Pod);
        case POD_DELETED -> deleted(o -> o instanceof Pod);
        case POD_LABELS -> pod((pod, other) -> with(pod, other.labels(), pod, pod, pod.owner()));
        case POD_PORTS -> pod((pod, other) -> with(pod, pod.labels(), pod, other, pod.owner()));
        case POD_MOVED -> pod((pod, other) -> with(pod, pod.labels(), other, pod, pod.owner()));
        case POD_OWNER -> pod((pod, other) -> with(pod, pod.labels(), pod, pod, other.owner()));
      };
    }

    private static boolean isPolicy(ClusterObject object) {
      return object instanceof NetworkPolicy || object instanceof TieredPolicy;
    }

    private interface Mixing {
      Pod of(Pod pod, Pod other);
    }

    private Optional<Done> pod(Mixing mixing) {
      var own = own(o -> o instanceof Pod);
      var other = foreign(o -> o instanceof Pod);
      return own.isEmpty() || other.isEmpty()
          ? Optional.empty()
          : put(mixing.of((Pod) own.get(), (Pod) other.get()));
    }

    private Optional<Done> added(Predicate<ClusterObject> which) {
      return foreign(o -> which.test(o) && !state.containsKey(o.key())).flatMap(this::put);
    }

    private Optional<Done> deleted(Predicate<ClusterObject> which) {
      return own(which).map(object -> new Done(object.key(), Optional.empty()));
    }

    private Optional<Done> put(ClusterObject object) {
      return object.equals(state.get(object.key()))
          ? Optional.empty()
          : Optional.of(new Done(object.key(), Optional.of(object)));
    }

    private Optional<ClusterObject> own(Predicate<ClusterObject> which) {
      return any(state.values(), which);
    }

    private Optional<ClusterObject> foreign(Predicate<ClusterObject> which) {
      return any(RandomClusters.next(random), which).map(object -> owned(object, random));
    }

    private Optional<ClusterObject> any(
        Collection<ClusterObject> of, Predicate<ClusterObject> which) {
      var fitting = of.stream().filter(which).toList();
      return fitting.isEmpty() ? Optional.empty() : Optional.of(one(fitting, random));
    }
  }
}
