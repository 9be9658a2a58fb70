package io.portcullis.bench.chaos;

import io.portcullis.bench.chaos.Timeline.Stamped;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The versions that one node's kernel can have held according to the log: each version of the node,
 * with versions of the wide sets that it needs.
 */
public final class NodeVersions {
  /**
   * How many sets may differ from both what the kernel held before and the newest of that time,
   * when a version that no answer names is searched for.
   */
  private static final int MOST_OTHERS = 3;

  private final VersionLog node;
  private final Map<SetId, VersionLog> sets;

  /** The results for versions that the kernel said it holds. */
  private final Map<Version, Optional<Joined>> found = new HashMap<>();

  /** A table's version; its digest covers the wide sets too. */
  private record Version(long number, String digest) {
    static Version of(Stamped stamp) {
      return new Version(stamp.number(), stamp.digest());
    }
  }

  /**
   * A version with its wide sets.
   *
   * @param rules the rules of all
   * @param wide the versions of the wide sets
   */
  private record Joined(RuleSet rules, SortedMap<SetId, Long> wide) {}

  /**
   * Creates the versions of a node.
   *
   * @param sets the log of every wide set
   * @param answers the answers of the node's agent, which say which versions of sets it used
   * @param stamps the stamps that its kernel had
   */
  public NodeVersions(
      VersionLog node,
      Map<SetId, VersionLog> sets,
      Collection<Applied> answers,
      Collection<Stamped> stamps) {
    this.node = node;
    this.sets = Map.copyOf(sets);
    for (var answer : answers) {
      told(answer)
          .ifPresent(
              joined ->
                  found.put(
                      new Version(answer.version(), joined.rules().digest().hex()),
                      Optional.of(joined)));
    }
    var before = Optional.<Joined>empty();
    for (var stamp : stamps) {
      var known = before;
      before =
          found.computeIfAbsent(Version.of(stamp), _ -> searched(stamp, known)).or(() -> known);
    }
  }

  /** Returns the log of the node alone. */
  public VersionLog log() {
    return node;
  }

  /** Tells whether an address is one that pods of this node have. */
  boolean hasPodCidrOf(IpAddress address) {
    return node.versions().lastEntry().getValue().rules().podCidrs().stream()
        .anyMatch(cidr -> cidr.range().contains(address));
  }

  /** Returns the log of a wide set. */
  Optional<VersionLog> set(SetId id) {
    return Optional.ofNullable(sets.get(id));
  }

  /** Tells whether the stamp is that of a version of the log with sets of the log. */
  boolean holds(Stamped stamp) {
    return joined(stamp).isPresent();
  }

  private Optional<Joined> joined(Stamped stamp) {
    return found.computeIfAbsent(Version.of(stamp), _ -> searched(stamp, Optional.empty()));
  }

  /** Returns the version that an answer says the kernel holds, if the log has it. */
  private Optional<Joined> told(Applied answer) {
    var version = node.versions().get(answer.version());
    if (version == null || version.marker().wide().size() != answer.wide().size()) {
      return Optional.empty();
    }
    var wide = new TreeMap<SetId, Long>();
    answer.wide().forEach(set -> wide.put(set.set(), set.version()));
    return joined(version, wide);
  }

  private Optional<Joined> joined(VersionLog.Version version, SortedMap<SetId, Long> wide) {
    var contents = new ArrayList<SetContent>();
    for (var item : wide.entrySet()) {
      var log = sets.get(item.getKey());
      var set = log == null ? null : log.versions().get(item.getValue());
      if (set == null) {
        return Optional.empty();
      }
      contents.addAll(set.rules().sets());
    }
    return Optional.of(new Joined(version.rules().with(contents), wide));
  }

  /**
   * Searches for a version that no answer names: an agent skips answers when newer ones are
   * waiting.
   */
  private Optional<Joined> searched(Stamped stamp, Optional<Joined> before) {
    var version = node.versions().get(stamp.number());
    if (version == null) {
      return Optional.empty();
    }
    var candidates = new TreeMap<SetId, List<Long>>();
    for (var need : version.marker().wide()) {
      candidates.put(need.set(), enough(version.marker(), need, stamp.heard()));
    }
    if (candidates.values().stream().anyMatch(List::isEmpty)) {
      return Optional.empty();
    }
    var newest = new TreeMap<SetId, Long>();
    candidates.forEach((set, numbers) -> newest.put(set, numbers.getLast()));
    var held = new TreeMap<>(newest);
    before.ifPresent(
        joined ->
            joined
                .wide()
                .forEach(
                    (set, number) -> {
                      if (candidates.getOrDefault(set, List.of()).contains(number)) {
                        held.put(set, number);
                      }
                    }));
    return IntStream.rangeClosed(0, MOST_OTHERS)
        .boxed()
        .flatMap(others -> Stream.of(held, newest).flatMap(way -> others(way, candidates, others)))
        .flatMap(way -> joined(version, way).stream())
        .filter(joined -> joined.rules().digest().hex().equals(stamp.digest()))
        .findFirst();
  }

  /** Returns all choices that differ from the given one in so many sets. */
  private static Stream<SortedMap<SetId, Long>> others(
      SortedMap<SetId, Long> way, NavigableMap<SetId, List<Long>> candidates, int count) {
    if (count == 0) {
      return Stream.of(way);
    }
    return candidates.entrySet().stream()
        .flatMap(
            set ->
                set.getValue().stream()
                    .filter(number -> !number.equals(way.get(set.getKey())))
                    .flatMap(
                        number -> {
                          var other = new TreeMap<>(way);
                          other.put(set.getKey(), number);
                          return others(other, candidates.tailMap(set.getKey(), false), count - 1);
                        }));
  }

  /** Returns the versions of a set that existed by a time and satisfy a version of the node. */
  private List<Long> enough(Marker marker, Marker.Wide need, long by) {
    return Optional.ofNullable(sets.get(need.set())).stream()
        .flatMap(log -> log.versions().values().stream())
        .map(VersionLog.Version::marker)
        .filter(set -> set.compiledMicros() <= by && set.isEnoughFor(marker, need))
        .map(Marker::number)
        .toList();
  }

  /**
   * Returns all rule sets between the two, both included, as far as they differ for this flow.
   * Versions of sets count if they are not before the first one's nor after the last one's.
   */
  List<RuleSet> between(Stamped first, Stamped last, Flow flow) {
    var from = joined(first);
    if (Version.of(first).equals(Version.of(last)) && from.isPresent()) {
      return List.of(from.get().rules());
    }
    var to = joined(last);
    var all = new ArrayList<RuleSet>();
    for (var version : node.versions().subMap(first.number(), last.number() + 1).values()) {
      var rules = List.of(version.rules());
      for (var need : version.marker().wide()) {
        var least = same(from, need.set()).min().orElse(Long.MIN_VALUE);
        var most = same(to, need.set()).max().orElse(Long.MAX_VALUE);
        var contents =
            different(
                enough(version.marker(), need, last.heard()).stream()
                    .filter(number -> least <= number && number <= most)
                    .flatMap(number -> content(need.set(), number)),
                flow);
        rules =
            rules.stream()
                .flatMap(some -> contents.stream().map(content -> some.with(List.of(content))))
                .toList();
      }
      all.addAll(rules);
    }
    return all;
  }

  /**
   * Returns all versions of a set with the same content, since a digest does not tell them apart.
   */
  private LongStream same(Optional<Joined> joined, SetId set) {
    return joined.map(of -> of.wide().get(set)).stream()
        .flatMapToLong(
            number -> {
              var versions = sets.get(set).versions();
              var digest = versions.get(number).marker().digest();
              return versions.values().stream()
                  .map(VersionLog.Version::marker)
                  .filter(marker -> marker.digest().equals(digest))
                  .mapToLong(Marker::number);
            });
  }

  private Stream<SetContent> content(SetId set, long number) {
    return sets.get(set).versions().get(number).rules().sets().stream();
  }

  /** Returns one of each group of contents that treat the flow alike. */
  private static Collection<SetContent> different(Stream<SetContent> contents, Flow flow) {
    var byMembers = new HashMap<Set<Element>, SetContent>();
    contents.forEach(content -> byMembers.put(members(content, flow), content));
    return byMembers.values();
  }

  private static Set<Element> members(SetContent content, Flow flow) {
    return content.elements().stream()
        .filter(
            element ->
                element.matches(flow.source(), flow.port())
                    || element.matches(flow.destination(), flow.port()))
        .collect(Collectors.toSet());
  }
}
