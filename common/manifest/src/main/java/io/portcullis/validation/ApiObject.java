package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.Interner;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.util.List;

/**
 * An object from an API server, read as one from a manifest.
 *
 * @param warnings besides the sighting's own problems
 */
public record ApiObject(ObjectKey key, Sighting sighting, List<Problem> warnings) {
  public ApiObject {
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads an object.
   *
   * @param kind of the object, because items of a list do not name theirs
   * @param seenMicros when the object came, microseconds since 1970
   * @throws IllegalArgumentException when the object has no name, which no API server sends
   */
  public static ApiObject read(Kind kind, JsonNode object, long seenMicros) {
    var reader = new ObjectReader(Origin.API, seenMicros, UnknownFields.TOLERATED);
    reader.readKnown(kind, object);
    var sighting = reader.sightings().getFirst();
    var key =
        sighting
            .key()
            .orElseThrow(() -> new IllegalArgumentException(sighting.problems().getFirst().text()));
    return new ApiObject(
        key,
        sighting,
        reader.remarks().stream().filter(p -> p.severity() == Severity.WARNING).toList());
  }

  /** Returns this object with equal parts of earlier objects in place of its own. */
  public ApiObject sharing(Interner parts) {
    return sighting instanceof Sighting.Valid(var object) ? ofGood(parts.shared(object)) : this;
  }

  private ApiObject ofGood(ClusterObject object) {
    return new ApiObject(object.key(), new Sighting.Valid(object), warnings);
  }
}
