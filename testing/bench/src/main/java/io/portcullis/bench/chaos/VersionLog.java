package io.portcullis.bench.chaos;

import io.portcullis.history.Commit;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All versions of one node or wide set, each rebuilt from history.
 *
 * @param versions the versions by number
 * @param wrong where history contradicts itself or the topic
 */
public record VersionLog(SortedMap<Long, Version> versions, List<String> wrong) {

  /** A version with its marker and the rules rebuilt from history. */
  public record Version(Marker marker, RuleSet rules) {}

  /** A commit with its offset. */
  public record Placed(long offset, Commit commit) {}

  public VersionLog {
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    wrong = List.copyOf(wrong);
  }

  /**
   * Rebuilds all versions and compares them with the topic.
   *
   * @param name the name of the node or set in history
   * @param history the commits in the order of the log, from its beginning
   * @param topic the markers that the topic had, in the order of the log
   */
  public static VersionLog of(String name, List<Placed> history, List<Marker> topic) {
    var reading = new Reading(name);
    history.forEach(reading::take);
    reading.compareWith(topic);
    return new VersionLog(reading.versions, reading.wrong);
  }

  private static final class Reading {
    private final String name;
    private final SortedMap<Long, Version> versions = new TreeMap<>();
    private final List<Marker> inOrder = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final NavigableSet<Long> places = new TreeSet<>();
    private final Map<String, String> entries = new HashMap<>();
    private long previous = Commit.NONE;
    private long snapshot = Commit.NONE;
    private long last;

    Reading(String name) {
      this.name = name;
    }

    void take(Placed placed) {
      var commit = placed.commit();
      if (commit.part() == 1) {
        takeFirst(placed);
      }
      commit.applyTo(entries);
      if (commit.part() == commit.parts()) {
        takeWhole(commit.marker());
      }
    }

    private void takeFirst(Placed placed) {
      var commit = placed.commit();
      var number = commit.marker().number();
      if (number <= last) {
        say(number, "comes after " + last + " in history");
      }
      if (named(commit.previous()) != previous) {
        say(
            number,
            "names the commit at " + commit.previous() + " as its predecessor, not " + previous);
      }
      if (named(commit.snapshot()) != snapshot) {
        say(number, "names the snapshot at " + commit.snapshot() + ", not at " + snapshot);
      }
      previous = placed.offset();
      places.add(previous);
      if (commit.kind() == Commit.Kind.SNAPSHOT) {
        snapshot = placed.offset();
      }
      last = number;
    }

    /** Returns the offset of the first commit at or after a place. */
    private long named(long place) {
      var commit = place == Commit.NONE ? null : places.ceiling(place);
      return commit == null ? Commit.NONE : commit;
    }

    private void takeWhole(Marker marker) {
      var rules = Commit.rules(entries);
      var digest = rules.digest().hex();
      if (!digest.equals(marker.digest())) {
        say(marker.number(), "has the digest " + marker.digest() + ", history gives " + digest);
      }
      if (rules.size() != marker.content().records()) {
        say(
            marker.number(),
            "has " + marker.content().records() + " records, history gives " + rules.size());
      }
      versions.put(marker.number(), new Version(marker, rules));
      inOrder.add(marker);
    }

    void compareWith(List<Marker> topic) {
      if (topic.equals(inOrder)) {
        return;
      }
      var more = new ArrayList<>(numbers(topic));
      more.removeAll(versions.keySet());
      var less = new ArrayList<>(versions.keySet());
      less.removeAll(numbers(topic));
      wrong.add(
          name
              + ": its topic's versions differ from history; only in the topic: "
              + more
              + ", only in history: "
              + less
              + ", of "
              + topic.size()
              + " and "
              + inOrder.size());
    }

    private static List<Long> numbers(List<Marker> markers) {
      return markers.stream().map(Marker::number).toList();
    }

    private void say(long number, String text) {
      wrong.add(name + ": version " + number + " " + text);
    }
  }
}
