package io.portcullis.cluster;

import java.util.Map;

/**
 * What the watcher says under the key {@code synced}: the topic holds all that the source held.
 *
 * <p>It stands at the end of the first full list, and comes again every five seconds as a beat.
 *
 * @param topicId of the topic that it was written to; another one means that readers hold an
 *     earlier incarnation
 * @param source {@code manifests} or {@code kubernetes}
 * @param counts of objects by kind
 * @param clockMicros of the watcher, microseconds since 1970
 */
public record Synced(String topicId, String source, Map<String, Integer> counts, long clockMicros) {
  public static final String KEY = "synced";

  public Synced {
    counts = counts == null ? Map.of() : Map.copyOf(counts);
  }
}
