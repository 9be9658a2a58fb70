package io.portcullis.history;

import io.portcullis.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a shard's partition of {@code portcullis.progress} tells.
 *
 * @param nodes where the commits of each node and wide set are, those of gone ones too
 * @param unreadable what cannot be read of it, with the reason
 */
public record ShardProgress(
    Optional<Progress> shard, SortedMap<String, NodePosition> nodes, List<String> unreadable) {
  public static final ShardProgress NONE =
      new ShardProgress(Optional.empty(), Collections.emptySortedMap(), List.of());

  public ShardProgress {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    unreadable = List.copyOf(unreadable);
  }

  /** Reads the newest values by key. */
  public static ShardProgress of(Map<String, byte[]> values) {
    var shard = Optional.<Progress>empty();
    var nodes = new TreeMap<String, NodePosition>();
    var unreadable = new ArrayList<String>();
    for (var item : values.entrySet()) {
      try {
        if (item.getKey().startsWith(NodePosition.PREFIX)) {
          nodes.put(
              item.getKey().substring(NodePosition.PREFIX.length()),
              Json.read(item.getValue(), NodePosition.class));
        } else if (item.getKey().startsWith(NodePosition.OF_SETS)) {
          nodes.put(item.getKey(), Json.read(item.getValue(), NodePosition.class));
        } else {
          shard = Optional.of(Json.read(item.getValue(), Progress.class));
        }
      } catch (IllegalArgumentException e) {
        unreadable.add(item.getKey() + ": " + e.getMessage());
      }
    }
    return new ShardProgress(shard, nodes, unreadable);
  }
}
