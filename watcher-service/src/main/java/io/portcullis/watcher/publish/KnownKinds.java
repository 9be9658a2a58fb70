package io.portcullis.watcher.publish;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.source.SourceState;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the source knows of each kind, joined with what the topic says of it: how it was before this
 * process began, and which objects it has.
 */
final class KnownKinds {
  private final SourceState source;
  private final PublishedCluster published;

  KnownKinds(SourceState source, PublishedCluster published) {
    this.source = source;
    this.published = published;
  }

  /** Returns what the topic should say of each kind, by its plural name and group. */
  Map<String, KnownKind> byName() {
    return kinds().entrySet().stream()
        .collect(Collectors.toMap(kind -> kind.getKey().resource(), Map.Entry::getValue));
  }

  /** Returns what operators must know of kinds that cannot be read, or are gone. */
  List<KindReport> reports() {
    return kinds().entrySet().stream()
        .map(kind -> new KindReport(kind.getKey(), kind.getValue(), objects(kind.getKey())))
        .filter(KindReport::isDue)
        .toList();
  }

  /** Returns each kind; a state that the topic has already began when it was written first. */
  private SortedMap<Kind, KnownKind> kinds() {
    var kinds = new TreeMap<Kind, KnownKind>();
    source
        .kinds()
        .forEach(
            (kind, known) -> kinds.put(kind, published.kind(kind).map(known::after).orElse(known)));
    return kinds;
  }

  private List<ObjectKey> objects(Kind kind) {
    return kind.among(
        published.isKnown() ? published.keys() : source.sightings().navigableKeySet());
  }
}
