package io.portcullis.cluster;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is in force of an object that was refused, in the words that people read everywhere. */
public sealed interface InForce {

  /** Returns the words. */
  String text();

  /**
   * An earlier form of the object, which was valid.
   *
   * @param sinceMicros when that form was first seen, microseconds since 1970
   */
  record EarlierForm(long sinceMicros) implements InForce {
    @Override
    public String text() {
      return "earlier form enforced since "
          + Instant.EPOCH.plus(sinceMicros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** A form of the object that allows less than was written. */
  record Closed(String how) implements InForce {
    @Override
    public String text() {
      return "closed: " + how;
    }
  }

  /** Nothing of the object. */
  record Nothing() implements InForce {
    @Override
    public String text() {
      return "not enforced at all";
    }
  }

  /**
   * Returns what is in force of a refused object.
   *
   * @param form of the object that is enforced, if any is
   */
  static InForce ofRefused(Optional<ClusterObject> form) { // N10
    return form.<InForce>map(
            object ->
                object.origin().failClosed()
                    ? new Closed(how(object))
                    : new EarlierForm(object.origin().seenMicros()))
        .orElseGet(Nothing::new);
  }

  /** Returns what an object stands for; empty if it is in force as it was written. */
  static Optional<InForce> of(ClusterObject object) {
    return object.origin().failClosed() || object.origin().kept()
        ? Optional.of(ofRefused(Optional.of(object)))
        : Optional.empty();
  }

  private static String how(ClusterObject form) {
    return switch (form) {
      case NetworkPolicy policy when policy.legacy() || policy.types().isEmpty() ->
          "its refused rules allow nothing";
      case NetworkPolicy policy ->
          "isolates the pods that it selects, for "
              + policy.types().stream()
                  .sorted()
                  .map(direction -> direction == Direction.INGRESS ? "ingress" : "egress")
                  .collect(Collectors.joining(" and "))
              + ", and its refused rules allow nothing";
      case TieredPolicy _ ->
          "its refused Accept rules match nothing, its other refused rules deny everything";
      case Namespace _ -> "isolates all pods of the namespace, for ingress";
      case Pod _ -> "nothing is allowed to or from the pod";
      case Node _ -> "less is allowed than was written";
    };
  }
}
