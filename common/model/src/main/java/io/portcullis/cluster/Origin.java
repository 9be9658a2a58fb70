package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where a cluster object's present form was seen.
 *
 * @param source the manifest's file, or {@code api}
 * @param uid of the object, empty for manifests without one
 * @param generation of the object, 0 where the source has none
 * @param seenMicros when its change was first seen, microseconds since 1970
 * @param failClosed whether the object is not valid and this form of it, which allows less than was
 *     written, stands in for it (N10)
 */
public record Origin(
    String source,
    String uid,
    long generation,
    long seenMicros,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean failClosed) {
  /** The source of what an API server shows. */
  public static final String API = "api";

  public Origin {
    source = source == null ? "" : source;
    uid = uid == null ? "" : uid;
  }

  /** The origin of a valid object. */
  public Origin(String source, String uid, long generation, long seenMicros) {
    this(source, uid, generation, seenMicros, false);
  }

  /** The same place, seen at another time. */
  public Origin seenAt(long micros) {
    return new Origin(source, uid, generation, micros, failClosed);
  }

  /** The origin of what stands in for the object that was seen here, and is not valid (N10). */
  public Origin ofFailClosedForm() {
    return new Origin(source, uid, generation, seenMicros, true);
  }
}
