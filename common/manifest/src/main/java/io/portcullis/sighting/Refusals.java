package io.portcullis.sighting;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.InForce;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Sighting.Invalid;
import io.portcullis.sighting.Sighting.UnknownIsolation;
import io.portcullis.sighting.Sighting.Unreadable;
import io.portcullis.sighting.Sighting.Valid;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says of each refused object what is in force of it (N10, L2). */
public final class Refusals {
  private static final int MAX_NAMED = 5;

  private Refusals() {}

  /**
   * Returns problems with what is in force of the objects that they are of.
   *
   * @param sightings of these objects, and of parts that cannot be read
   * @param inForce the objects that are enforced
   */
  public static List<Problem> told(
      Collection<Problem> problems,
      Collection<Sighting> sightings,
      Map<ObjectKey, ClusterObject> inForce) {
    var words = new HashMap<Problem, String>();
    for (var sighting : sightings) {
      text(sighting, inForce)
          .ifPresent(text -> sighting.problems().forEach(problem -> words.put(problem, text)));
    }
    return problems.stream()
        .map(
            problem ->
                Optional.ofNullable(words.get(problem)).map(problem::withInForce).orElse(problem))
        .toList();
  }

  /** Returns what is in force of what was seen; empty if that is the object as it was written. */
  public static Optional<String> text(Sighting sighting, Map<ObjectKey, ClusterObject> inForce) {
    return switch (sighting) {
      case Valid _ -> Optional.empty();
      case Invalid refused ->
          Optional.of(InForce.ofRefused(Optional.ofNullable(inForce.get(refused.id()))).text());
      case UnknownIsolation(var namespace, _) ->
          Optional.of(isolation(Optional.ofNullable(inForce.get(namespace.key()))));
      case Unreadable part -> Optional.of(ofPart(part, inForce.values()));
    };
  }

  private static String isolation(Optional<ClusterObject> form) { // L2
    return form.filter(object -> object instanceof Namespace n && n.ingressDefaultDeny())
            .isPresent()
        ? "the isolation of before is enforced"
        : new InForce.Nothing().text();
  }

  /** Names the objects whose earlier forms a part may hold that cannot be read. */
  private static String ofPart(Unreadable part, Collection<ClusterObject> inForce) {
    var kept =
        inForce.stream()
            .filter(object -> part.mayHold(object.origin()))
            .map(Refusals::named)
            .toList();
    if (kept.isEmpty()) {
      return new InForce.Nothing().text();
    }
    var more = kept.size() - MAX_NAMED;
    return kept.stream().limit(MAX_NAMED).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String named(ClusterObject object) {
    return object.key().display() + ": " + InForce.ofRefused(Optional.of(object)).text();
  }
}
