package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The place where a cluster object's present form was seen.
 *
 * @param source the manifest's file, or {@code api}
 * @param uid the object's uid, empty for a manifest without one
 * @param generation the object's generation, 0 where the source has none
 * @param seenMicros when the change was first seen, in microseconds since 1970
 * @param failClosed whether the object is invalid, and this is a form of it that allows less than
 *     was written (N10)
 * @param kept whether a later form of the object was refused, and this earlier one is kept (N10)
 */
public record Origin(
    String source,
    String uid,
    long generation,
    long seenMicros,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean failClosed,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean kept) {
  /** The source of objects that an API server shows. */
  public static final String API = "api";

  public Origin {
    source = source == null ? "" : source;
    uid = uid == null ? "" : uid;
  }

  /** Makes the origin of a valid object. */
  public Origin(String source, String uid, long generation, long seenMicros) {
    this(source, uid, generation, seenMicros, false, false);
  }

  /** Makes the origin of an object that no later form was refused of. */
  public Origin(String source, String uid, long generation, long seenMicros, boolean failClosed) {
    this(source, uid, generation, seenMicros, failClosed, false);
  }

  /** Returns this origin, seen at another time. */
  public Origin seenAt(long micros) {
    return new Origin(source, uid, generation, micros, failClosed, kept);
  }

  /** Returns the origin of the form that stands in for the invalid object seen here (N10). */
  public Origin ofFailClosedForm() {
    return new Origin(source, uid, generation, seenMicros, true, false);
  }

  /** Returns the origin of this form while a later one is refused (N10). */
  public Origin ofKeptForm() {
    return new Origin(source, uid, generation, seenMicros, false, true);
  }
}
