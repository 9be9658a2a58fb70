package io.portcullis.cluster;

/**
 * Where a cluster object's present form was seen.
 *
 * @param source the manifest's file, or {@code api}
 * @param uid of the object, empty for manifests without one
 * @param generation of the object, 0 where the source has none
 * @param seenMicros when its change was first seen, microseconds since 1970
 */
public record Origin(String source, String uid, long generation, long seenMicros) {}
