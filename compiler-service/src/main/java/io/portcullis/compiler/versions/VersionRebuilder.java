package io.portcullis.compiler.versions;

import io.portcullis.history.Commit;
import io.portcullis.history.Commit.Kind;
import io.portcullis.history.NodePosition;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Marker;
import io.portcullis.topic.LogReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds one version of a node or wide set in its shard's history, and rebuilds its rule set from
 * the snapshot before it and the commits in between. A version's number is about the time of its
 * commit, so the broker's index of times leads near it. From there, commits refer to each other.
 */
final class VersionRebuilder {
  private static final Duration BEFORE_ITS_NUMBER = Duration.ofSeconds(2);

  /** How many commits, of any node, are searched for one whose time is about known. */
  private static final int NEAR = 4_000;

  /** This many commits in a row are read faster than a hundred single ones. */
  private static final int READ_ON = 40_000;

  private final LogReader log;
  private final String node;
  private final long number;

  /** A snapshot that has been read and is too early. It is large, so it is not read again. */
  private long tooEarly = Commit.NONE;

  /** A commit of the node, with all of its parts. */
  private record Placed(long offset, List<Commit> parts) {
    Commit first() {
      return parts.getFirst();
    }

    long number() {
      return first().marker().number();
    }
  }

  VersionRebuilder(LogReader log, String node, long number) {
    this.log = log;
    this.node = node;
    this.number = number;
  }

  /**
   * Returns the version with the number.
   *
   * @param newest the node's newest version, which is not older than the number
   */
  Past from(NodePosition newest) {
    var at = afterItsTime().orElseGet(() -> read(newest.commit()));
    while (at.number() > number) {
      var earlier = before(at);
      if (earlier.isEmpty()) {
        return new Past.Gone("node " + node + ": version " + number + " is older than its history");
      }
      at = earlier.get();
    }
    if (at.number() < number) {
      return new Past.Unknown(
          "node " + node + " had no version " + number + "; the one before it is " + at.number());
    }
    return new Past.Found(rebuilt(at));
  }

  /**
   * Returns the first version about the time of the number, or later, that is enough for something.
   *
   * @param newest the set's newest version
   */
  Optional<Version> first(NodePosition newest, Predicate<Marker> isEnough) {
    var at =
        afterItsTime()
            .filter(placed -> isEnough.test(placed.first().marker()))
            .orElseGet(() -> read(newest.commit()));
    if (!isEnough.test(at.first().marker())) {
      return Optional.empty();
    }
    while (at.first().previous() != Commit.NONE) {
      var earlier = read(at.first().previous());
      if (!isEnough.test(earlier.first().marker())) {
        break;
      }
      at = earlier;
    }
    return Optional.of(rebuilt(at));
  }

  private Version rebuilt(Placed last) {
    var entries = new HashMap<String, String>();
    for (var commit : sinceSnapshot(last)) {
      commit.parts().forEach(part -> part.applyTo(entries));
    }
    var rules = Commit.rules(entries);
    var marker = last.first().marker();
    var digest = rules.digest().hex();
    if (!digest.equals(marker.digest())) {
      throw new IllegalStateException(
          "%s: version %d: history leads to the digest %s, but the marker says %s; what was enforced cannot be rebuilt"
              .formatted(node, marker.number(), digest, marker.digest()));
    }
    return new Version(marker, rules);
  }

  /** Returns the node's first commit that is not older than the version, if it is near its time. */
  private Optional<Placed> afterItsTime() {
    var from = log.firstSince(number / 1_000 - BEFORE_ITS_NUMBER.toMillis());
    if (from.isEmpty()) {
      return Optional.empty();
    }
    var found = new ArrayList<Long>();
    log.read(
        from.getAsLong(),
        item -> {
          if (item.key().equals(node)) {
            var commit = Json.read(item.value(), Commit.class);
            if (commit.part() == 1 && commit.marker().number() >= number) {
              found.add(item.offset());
            }
          }
          return found.isEmpty() && item.offset() < from.getAsLong() + NEAR;
        });
    return found.stream().findFirst().map(this::read);
  }

  /** Returns the snapshot before a commit unless it is too early, or else the commit before. */
  private Optional<Placed> before(Placed commit) {
    var snapshot = commit.first().snapshot();
    if (snapshot != Commit.NONE && snapshot != tooEarly) {
      var placed = read(snapshot);
      if (placed.number() >= number) {
        return Optional.of(placed);
      }
      tooEarly = snapshot;
    }
    var previous = commit.first().previous();
    return previous == Commit.NONE ? Optional.empty() : Optional.of(read(previous));
  }

  /** Returns the snapshot that a commit builds on, and all commits after it up to the commit. */
  private Iterable<Placed> sinceSnapshot(Placed last) {
    var snapshot = last.first().snapshot();
    if (last.first().kind() == Kind.CHANGES && last.offset() - snapshot <= READ_ON) {
      return readOn(snapshot, last);
    }
    Deque<Placed> commits = new ArrayDeque<>(List.of(last));
    while (commits.getFirst().first().kind() == Kind.CHANGES) {
      commits.addFirst(read(commits.getFirst().first().previous()));
    }
    return commits;
  }

  private List<Placed> readOn(long snapshot, Placed last) {
    var commits = new ArrayList<Placed>();
    log.read(
        snapshot,
        item -> {
          if (item.key().equals(node) && item.offset() < last.offset()) {
            commits.add(new Placed(item.offset(), List.of(Json.read(item.value(), Commit.class))));
          }
          return item.offset() < last.offset();
        });
    commits.add(last);
    return commits;
  }

  /** Reads the node's first commit from an offset on. Its parts follow each other. */
  private Placed read(long from) {
    var parts = new ArrayList<Commit>();
    var offsets = new ArrayList<Long>();
    log.read(
        from,
        item -> {
          if (!item.key().equals(node)) {
            return true;
          }
          parts.add(Json.read(item.value(), Commit.class));
          offsets.add(item.offset());
          return parts.getLast().part() < parts.getLast().parts();
        });
    return new Placed(offsets.getFirst(), parts);
  }
}
