package io.portcullis.agent.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.version.VersionOutcome.Verified;
import io.portcullis.agent.version.WideSets.Came;
import io.portcullis.cluster.Direction;
import io.portcullis.json.Json;
import io.portcullis.net.Family;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecords;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.BeforeTry;

/** A node's versions and wide sets, which come in whatever order. */
class AssemblyTest {
  private static final SetId SET = SetId.of(SetKind.HOSTS, Family.V4, "everybody");
  private static final String CLUSTER = "cluster";

  private WideSets sets;
  private Assembly assembly;

  @BeforeTry
  void begin() {
    sets = new WideSets();
    assembly = new Assembly(sets);
  }

  private static RuleSet members(SetId set, String... addresses) {
    return RuleSet.of(
        Stream.concat(
                Stream.of(new NodeRecord.AddressSet(set, "everybody")),
                Stream.of(addresses)
                    .map(address -> new NodeRecord.Member(set, Element.parse(address))))
            .toList());
  }

  private static RuleSet using(SetId... sets) {
    var rules =
        Stream.of(sets)
            .map(set -> new Rule(Optional.of(set), Ports.ANY, Action.ACCEPT, List.of()))
            .toList();
    return RuleSet.of(List.of(Chain.of(Direction.INGRESS, Family.V4, rules, Action.DENY)));
  }

  private static Marker marker(RuleSet rules, long number, long position, Marker.Wide... wide) {
    return new Marker(
        number,
        new Marker.Content(rules, "topic"),
        new Marker.Compilation(
            new Marker.ClusterPosition(CLUSTER, position),
            new Marker.Shard(0, 32),
            1,
            List.of(),
            "test"),
        List.of(wide));
  }

  private static Version node(RuleSet rules, long number, long position, Marker.Wide... wide) {
    var entries = entries(RuleSet.EMPTY, rules, marker(rules, number, position, wide), "version");
    var reader = new VersionReader(Optional.empty());
    reader.restored("topic", Map.of());
    return ((Verified) reader.changed(entries)).version();
  }

  private static List<Entry> entries(RuleSet before, RuleSet rules, Marker marker, String key) {
    var change = RuleSetChange.between(before, rules);
    var entries = new ArrayList<Entry>();
    change.removals().keySet().forEach(gone -> entries.add(new Entry(gone, Optional.empty())));
    change
        .puts()
        .forEach(
            (name, item) -> entries.add(new Entry(name, Optional.of(NodeRecords.bytes(item)))));
    entries.add(new Entry(key, Optional.of(Json.bytes(marker))));
    return entries;
  }

  private static Marker.Wide need(SetId set, RuleSet content, long position) {
    return new Marker.Wide(set, content.digest().hex(), position);
  }

  private Came write(RuleSet before, RuleSet after, long number, long position) {
    return sets.changed(entries(before, after, marker(after, number, position), "version/" + SET));
  }

  @Example
  void aVersionWaitsForTheSetsThatItNames() {
    var content = members(SET, "10.0.0.1");
    sets.need(List.of(SET));
    sets.restored("topic", Map.of(), List.of(SET));
    assertThat(assembly.node(node(using(SET), 1, 10, need(SET, content, 10)))).isEmpty();
    assertThat(assembly.missing()).extracting(Marker.Wide::set).containsExactly(SET);
    assertThat(write(RuleSet.EMPTY, content, 1, 5).changed()).isTrue();
    var joined = assembly.sets().orElseThrow();
    assertThat(joined.rules().members(SET)).containsExactly(Element.parse("10.0.0.1"));
    assertThat(joined.digest()).isEqualTo(joined.rules().digest().hex());
    assertThat(joined.wide()).extracting(Version.Held::number).containsExactly(1L);
    assertThat(assembly.sets()).isEmpty();
  }

  @Example
  void anEarlierStateIsNotEnoughAndALaterOneIs() {
    var early = members(SET, "10.0.0.1");
    var needed = members(SET, "10.0.0.1", "10.0.0.2");
    var later = members(SET, "10.0.0.3");
    sets.need(List.of(SET));
    sets.restored("topic", Map.of(), List.of(SET));
    write(RuleSet.EMPTY, early, 1, 5);
    assertThat(assembly.node(node(using(SET), 1, 10, need(SET, needed, 10)))).isEmpty();
    write(early, later, 2, 12);
    assertThat(assembly.sets().orElseThrow().rules().members(SET))
        .containsExactly(Element.parse("10.0.0.3"));
  }

  @Example
  void whileTheNextVersionWaitsTheOneBeforeGoesOnWithTheSetsAsTheyCome() {
    var content = members(SET, "10.0.0.1");
    var other = SetId.of(SetKind.HOSTS, Family.V4, "others");
    sets.need(List.of(SET));
    sets.restored("topic", Map.of(), List.of(SET));
    write(RuleSet.EMPTY, content, 1, 5);
    var first = assembly.node(node(using(SET), 1, 5, need(SET, content, 5))).orElseThrow();
    sets.need(List.of(SET, other));
    var second = node(using(SET, other), 2, 6, need(SET, content, 6), need(other, content, 6));
    assertThat(assembly.node(second).orElseThrow().marker()).isEqualTo(first.marker());
    var more = members(SET, "10.0.0.1", "10.0.0.9");
    write(content, more, 2, 7);
    var changed = assembly.sets().orElseThrow();
    assertThat(changed.marker().number()).isEqualTo(1);
    assertThat(changed.rules().members(SET)).hasSize(2);
    assertThat(changed.changeOf(first.rules()).puts()).hasSize(1);
  }

  @Example
  void aSetThatIsRemovedStaysAsLongAsItIsNeeded() {
    var content = members(SET, "10.0.0.1");
    sets.need(List.of(SET));
    sets.restored("topic", Map.of(), List.of(SET));
    write(RuleSet.EMPTY, content, 1, 5);
    assembly.node(node(using(SET), 1, 5, need(SET, content, 5)));
    sets.changed(
        List.of(
            new Entry("set/" + SET, Optional.empty()),
            new Entry("set/" + SET + "/10.0.0.1", Optional.empty()),
            new Entry("version/" + SET, Optional.empty())));
    assertThat(assembly.sets()).isEmpty();
    var narrow = node(content, 2, 9);
    assertThat(assembly.node(narrow).orElseThrow()).isEqualTo(narrow);
  }

  @Example
  void aSetWithAnotherDigestThanItsMarkerNamesChangesNothing() {
    var content = members(SET, "10.0.0.1");
    var wrong = members(SET, "10.0.0.2");
    sets.need(List.of(SET));
    sets.restored("topic", Map.of(), List.of(SET));
    write(RuleSet.EMPTY, content, 1, 5);
    assembly.node(node(using(SET), 1, 5, need(SET, content, 5)));
    var came = sets.changed(entries(content, wrong, marker(content, 2, 6), "version/" + SET));
    assertThat(came.changed()).isFalse();
    assertThat(came.restore()).isPresent();
    assertThat(assembly.sets()).isEmpty();
  }

  @Property(tries = 300)
  void inWhateverOrderTheyComeTheEndIsTheSameAndNothingIsJoinedThatWasNotReady(
      @ForAll Random random) {
    var wide = List.of(SET, SetId.of(SetKind.HOSTS, Family.V4, "more"));
    sets.need(wide);
    sets.restored("topic", Map.of(), wide);
    var contents = new HashMap<SetId, List<RuleSet>>();
    var written = new TreeMap<SetId, Integer>();
    for (var set : wide) {
      var states = new ArrayList<RuleSet>();
      for (var i = 0; i < 6; i++) {
        states.add(members(set, "10.0.0." + random.nextInt(3), "10.0.1." + random.nextInt(3)));
      }
      contents.put(set, states);
      written.put(set, 0);
    }
    var published = 0;
    while (published < 6 || written.values().stream().anyMatch(at -> at < 6)) {
      var set = wide.get(random.nextInt(2));
      var joined = Optional.<Version>empty();
      if (random.nextBoolean() && published < 6) {
        joined = assembly.node(next(wide, contents, published++));
      } else if (written.get(set) < 6) {
        var at = written.get(set);
        var before = at == 0 ? RuleSet.EMPTY : contents.get(set).get(at - 1);
        var after = contents.get(set).get(at);
        sets.changed(entries(before, after, marker(after, at + 1, at), "version/" + set));
        written.put(set, at + 1);
        joined = assembly.sets();
      }
      joined.ifPresent(version -> isOfStatesThatAreEnough(version, contents, written));
    }
    var end = assembly.node(next(wide, contents, 5)).orElseThrow();
    assertThat(end.marker().number()).isEqualTo(6);
    for (var id : wide) {
      assertThat(end.rules().members(id)).isEqualTo(contents.get(id).get(5).members(id));
    }
  }

  private static Version next(List<SetId> wide, Map<SetId, List<RuleSet>> contents, int at) {
    return node(
        using(wide.toArray(SetId[]::new)),
        at + 1,
        at,
        wide.stream()
            .map(id -> need(id, contents.get(id).get(at), at))
            .toArray(Marker.Wide[]::new));
  }

  private static void isOfStatesThatAreEnough(
      Version version, Map<SetId, List<RuleSet>> contents, Map<SetId, Integer> written) {
    var position = (int) version.marker().clusterPosition();
    for (var held : version.wide()) {
      var states = contents.get(held.set());
      var state = states.get((int) held.number() - 1);
      assertThat(version.rules().members(held.set())).isEqualTo(state.members(held.set()));
      assertThat(held.number()).isLessThanOrEqualTo(written.get(held.set()));
      assertThat(
              held.number() > position || held.digest().equals(states.get(position).digest().hex()))
          .as("%s for version %s", held, version.marker().number())
          .isTrue();
    }
  }
}
