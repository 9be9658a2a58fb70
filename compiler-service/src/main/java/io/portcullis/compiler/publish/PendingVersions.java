package io.portcullis.compiler.publish;

import io.portcullis.compiler.publish.VersionFactory.Request;
import io.portcullis.compiler.publish.VersionFactory.Result;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.NodePosition.Gone;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The nodes and wide sets whose topics may be outdated, and the versions that are due for them. */
final class PendingVersions {
  private final ShardMembers members;
  private final VersionFactory factory;
  private final PublishedVersions published;
  private final HistoryIndex positions;
  private final WorkQueue queue = new WorkQueue();

  /** Why a rule set could not be compiled, by name. Its topic stays as it is. */
  private final SortedMap<String, String> failures = new TreeMap<>();

  PendingVersions(
      ShardMembers members,
      VersionFactory factory,
      PublishedVersions published,
      HistoryIndex positions) {
    this.members = members;
    this.factory = factory;
    this.published = published;
    this.positions = positions;
  }

  /**
   * Adds a node or set.
   *
   * @param causesFrom the position in the cluster topic from which changes may be causes
   */
  void add(Versioned unit, long causesFrom) {
    queue.add(unit, causesFrom);
  }

  void remove(Versioned unit) {
    queue.remove(unit);
    failures.remove(unit.name());
  }

  void clear() {
    queue.clear();
    failures.clear();
  }

  /** Returns how many nodes and sets wait. */
  int size() {
    return queue.size();
  }

  /** Takes in that a transaction wrote a version. What changed meanwhile waits again. */
  void written(Versioned unit) {
    queue.written(unit);
  }

  /**
   * Returns the least position of what waits and is not in the list; absent: nothing else waits.
   */
  OptionalLong openFrom(Collection<Versioned> written) {
    return queue.openFrom(written);
  }

  /**
   * Compiles the versions that have waited for longest, until the batch is full. What turns out to
   * be up to date, or cannot be compiled, waits no longer.
   */
  void fill(Batch batch, Gone now) {
    queue.making();
    for (var unit : queue.inOrder()) {
      if (batch.isFull()) {
        return;
      }
      next(unit, now).ifPresent(batch::add);
    }
  }

  private Optional<VersionWrite> next(Versioned unit, Gone now) {
    var before = published.get(unit);
    if (members.isNarrowAgain(unit)) {
      return Optional.of(new VersionWrite.Withdrawn(unit, before, now));
    }
    var number = positions.nextNumber(unit.name());
    var request = new Request(unit, before, number, queue.causesFrom(unit));
    return switch (factory.make(request, now.sinceMicros())) {
      case Result.New(var write) -> {
        failures.remove(unit.name());
        yield Optional.of(write);
      }
      case Result.Unchanged(var version) -> {
        published.put(unit, version);
        remove(unit);
        yield Optional.empty();
      }
      case Result.Failed(var reason) -> {
        failures.put(unit.name(), reason);
        queue.remove(unit);
        yield Optional.empty();
      }
    };
  }

  /** Adds the present versions that history lacks or will lose soon. */
  void fillKept(Batch batch, long nowMicros) {
    for (var unit : published.units()) {
      if (!queue.contains(unit) && !batch.isFull()) {
        factory
            .kept(unit, published.get(unit), positions.of(unit.name()), nowMicros)
            .ifPresent(batch::add);
      }
    }
  }

  Map<String, String> failures() {
    return Collections.unmodifiableSortedMap(failures);
  }
}
