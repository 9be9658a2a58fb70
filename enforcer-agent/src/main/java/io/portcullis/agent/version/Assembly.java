package io.portcullis.agent.version;

import io.portcullis.agent.version.Version.Held;
import io.portcullis.agent.version.Version.Since;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Joins a node's versions with the wide sets that they need. A version waits until each set has the
 * version that the marker names, or a later one; from then on later versions of the sets apply as
 * they come.
 */
public final class Assembly {
  private final WideSets sets;
  private Optional<Version> newest = Optional.empty();
  private Optional<Version> node = Optional.empty();
  private Optional<Version> last = Optional.empty();

  public Assembly(WideSets sets) {
    this.sets = sets;
  }

  /** Takes a node's version; returns what to enforce now: it, or the one before while it waits. */
  public Optional<Version> node(Version version) {
    newest = Optional.of(version);
    return joined();
  }

  /** Takes a change of sets; returns what to enforce now, if that is not what was before. */
  public Optional<Version> sets() {
    var before = last;
    return joined().filter(now -> before.filter(now::isSameAs).isEmpty());
  }

  private Optional<Version> joined() {
    if (newest.filter(this::isComplete).isPresent()) {
      node = newest;
    }
    // a set may pass through states that are not enough after one that was, by its digest
    last = node.filter(this::isComplete).map(this::join).or(() -> last);
    return last;
  }

  /** Returns the wide sets of the node's newest version, and of the one in use while it waits. */
  public Collection<SetId> needed() {
    return Stream.of(newest, node)
        .flatMap(Optional::stream)
        .flatMap(version -> version.marker().wide().stream())
        .map(Marker.Wide::set)
        .collect(Collectors.toSet());
  }

  /** Returns the wide sets that the node's newest version waits for. */
  public List<Marker.Wide> missing() {
    return newest.map(this::missing).orElse(List.of());
  }

  private boolean isComplete(Version version) {
    return missing(version).isEmpty();
  }

  private List<Marker.Wide> missing(Version version) {
    var marker = version.marker();
    return marker.wide().stream()
        .filter(
            need ->
                sets.version(need.set())
                    .filter(held -> held.marker().isEnoughFor(marker, need))
                    .isEmpty())
        .toList();
  }

  private Version join(Version node) {
    if (node.marker().wide().isEmpty()) {
      return node;
    }
    var contents = new ArrayList<SetContent>();
    var held = new ArrayList<Held>();
    for (var need : node.marker().wide()) {
      var version = sets.version(need.set()).orElseThrow();
      version.rules().set(need.set()).ifPresent(contents::add);
      held.add(new Held(need.set(), version.marker().number(), version.marker().digest()));
    }
    return new Version(node.rules().with(contents), node.marker(), Since.UNKNOWN, held);
  }
}
