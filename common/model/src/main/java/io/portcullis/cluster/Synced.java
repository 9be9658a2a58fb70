package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * The watcher's heartbeat under the key {@code synced}: the topic holds everything that the source
 * held.
 *
 * <p>The watcher writes it after the first full list, and then every five seconds.
 *
 * @param topicId the id of the topic that it was written to; readers that hold another id follow a
 *     topic which was deleted
 * @param source {@code manifests} or {@code kubernetes}
 * @param counts how many objects there are of each kind
 * @param clockMicros the watcher's clock, in microseconds since 1970
 * @param kinds what is known of each kind that the API server may lack, by its plural name and
 *     group; empty where manifests are the source
 */
public record Synced(
    String topicId,
    String source,
    Map<String, Integer> counts,
    long clockMicros,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, KnownKind> kinds) {
  public static final String KEY = "synced";

  public Synced {
    if (topicId == null) {
      throw new IllegalArgumentException("topicId: missing");
    }
    counts = counts == null ? Map.of() : Map.copyOf(counts);
    kinds = kinds == null ? Map.of() : Map.copyOf(kinds);
  }

  /** Makes the heartbeat of a source whose kinds are always there. */
  public Synced(String topicId, String source, Map<String, Integer> counts, long clockMicros) {
    this(topicId, source, counts, clockMicros, Map.of());
  }
}
