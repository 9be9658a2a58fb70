package io.portcullis.lab.screen;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.ruleset.Marker;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The newest changes, each with the times of its stages: seen, published, compiled, in kernels. */
public final class Stages {
  private static final int KEPT = 6;
  private static final int NAMED_OBJECTS = 3;
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Deque<Change> changes = new ArrayDeque<>();

  /** A change of objects that were published together. */
  private record Change(
      List<Marker.Cause> causes,
      long seenMicros,
      long publishedMicros,
      long compiledMicros,
      SortedMap<String, Long> committedMicros) {}

  /**
   * Records that a version is in a node's kernel.
   *
   * @param node the node
   * @param marker the version's marker
   * @param committedMicros when the kernel committed it, microseconds since 1970
   */
  public void committed(String node, Marker marker, long committedMicros) {
    if (marker.causes().isEmpty()) {
      return; // a first version, or one that replaces a lost topic
    }
    var seen = marker.causes().stream().mapToLong(Marker.Cause::seenMicros).min().orElseThrow();
    var published =
        marker.causes().stream().mapToLong(Marker.Cause::publishedMicros).max().orElseThrow();
    for (var change : changes) {
      if (change.causes().equals(marker.causes())) {
        change.committedMicros().put(node, committedMicros);
        return;
      }
    }
    var change =
        new Change(marker.causes(), seen, published, marker.compiledMicros(), new TreeMap<>());
    change.committedMicros().put(node, committedMicros);
    changes.addLast(change);
    if (changes.size() > KEPT) {
      changes.removeFirst();
    }
  }

  /** Returns two lines for each change, the oldest first. */
  public List<String> lines() {
    var lines = new ArrayList<String>();
    for (var change : changes) {
      lines.add(
          TIME.format(Instant.EPOCH.plus(change.seenMicros(), ChronoUnit.MICROS))
              + "  "
              + objects(change.causes()));
      lines.add(
          "              published "
              + after(change, change.publishedMicros())
              + ", compiled "
              + after(change, change.compiledMicros())
              + ", in the kernel of "
              + change.committedMicros().entrySet().stream()
                  .map(node -> node.getKey() + " " + after(change, node.getValue()))
                  .collect(Collectors.joining(", ")));
    }
    return lines;
  }

  private static String objects(Collection<Marker.Cause> causes) {
    var named =
        causes.stream()
            .limit(NAMED_OBJECTS)
            .map(
                cause ->
                    ObjectKey.parse(cause.object()).display()
                        + (cause.removed() ? " removed" : "")
                        + (cause.source().isEmpty() ? "" : " (" + cause.source() + ")"))
            .collect(Collectors.joining(", "));
    return causes.size() > NAMED_OBJECTS
        ? named + " and " + (causes.size() - NAMED_OBJECTS) + " more"
        : named;
  }

  private static String after(Change change, long micros) {
    return "+" + Math.max(0, (micros - change.seenMicros() + 500) / 1_000) + " ms";
  }
}
