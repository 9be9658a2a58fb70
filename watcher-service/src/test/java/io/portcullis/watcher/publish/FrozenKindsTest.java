package io.portcullis.watcher.publish;

import static io.portcullis.validation.Kind.CLUSTER_POLICY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.KnownKind.State;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.Synced;
import io.portcullis.cluster.Tier;
import io.portcullis.json.Json;
import io.portcullis.sighting.Sighting;
import io.portcullis.topic.ShardContent.Difference;
import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Writings;
import io.portcullis.watcher.source.Remarks;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.source.SourceState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a watcher writes of objects whose kind it cannot read, after a restart or a take-over. */
class FrozenKindsTest {
  private static final ShardTopic TOPIC = new ShardTopic(Topics.cluster(), 0, Kind.COMPACTED);
  private static final String UNKNOWN = "policy.networking.k8s.io/v1";

  private final SourceState state = new SourceState();
  private final SourceRecheck recheck = new SourceRecheck(new NoSource());
  private final ClusterContent content =
      new ClusterContent(
          new ClusterContent.Input("kubernetes", state, recheck), () -> 90, Published.NOBODY);

  private static TieredPolicy policy(String name, int priority) {
    var everything = Optional.of(LabelSelector.EVERYTHING);
    return new TieredPolicy(
        CLUSTER_POLICY.key("", name),
        new Origin(Origin.API, "uid-" + name, 1, 0),
        Tier.ADMIN,
        priority,
        new Peer.Pods(everything, everything),
        List.of(),
        List.of());
  }

  private static Namespace namespace(String name) {
    return new Namespace(
        ObjectKey.namespace(name), new Origin(Origin.API, "uid", 1, 0), Map.of(), false);
  }

  private static KnownKind kind(State as, long since) {
    var others = as == State.UNSERVED ? List.of(UNKNOWN) : List.<String>of();
    return new KnownKind(as, "", others, as == State.SERVED ? "" : "because", since);
  }

  private static Map<String, byte[]> topic(KnownKind before, ClusterObject... objects) {
    var values = new TreeMap<String, byte[]>();
    Arrays.stream(objects).forEach(o -> values.put(o.key().toString(), Json.bytes(o)));
    values.put(
        Synced.KEY,
        Json.bytes(
            new Synced(
                "id", "kubernetes", Map.of(), 5, Map.of(CLUSTER_POLICY.resource(), before))));
    return values;
  }

  private void restore(Map<String, byte[]> values) {
    content.released();
    content.restored(TOPIC, new TopicContent("id", new TreeMap<>(values), 0)).take();
    recheck.advance();
  }

  private void shows(KnownKind known, Set<ObjectKey> gone, ClusterObject... objects) {
    var sightings = Arrays.stream(objects).<Sighting>map(Sighting.Valid::new).toList();
    var remarks = Remarks.ofKinds(Map.of(CLUSTER_POLICY, known));
    state.take(new SourceEvent.Changed(sightings, gone, Map.of(), remarks));
    content.catchUp();
  }

  /** Writes the difference, and returns it without the heartbeat. */
  private Map<String, Optional<byte[]>> write() throws InterruptedException {
    var difference = content.difference().orElseThrow();
    var written = Writings.of(difference);
    difference.committed();
    written.remove(Synced.KEY);
    return written;
  }

  private KnownKind synced(Difference difference) throws InterruptedException {
    var beat = Writings.of(difference).get(Synced.KEY).orElseThrow();
    return Json.read(beat, Synced.class).kinds().get(CLUSTER_POLICY.resource());
  }

  @Test
  void aWatcherThatStartsWhileAKindCannotBeReadKeepsItsObjectsAndPublishesOthers()
      throws Exception {
    restore(topic(kind(State.SERVED, 1), policy("deny", 1), namespace("old")));
    shows(kind(State.UNSERVED, 9), Set.of(), namespace("new"));
    assertThat(write()).containsOnlyKeys("core/Namespace//old", "core/Namespace//new");
    assertThat(content.difference()).isEmpty();
  }

  /** Its view may be older than what the owner before it has published, without a sign. */
  @Test
  void aWatcherThatTakesOverDoesNotPublishItsOlderViewOfAFrozenKind() throws Exception {
    restore(topic(kind(State.UNREADABLE, 1), policy("deny", 2)));
    shows(kind(State.UNREADABLE, 1), Set.of(), policy("deny", 1), policy("deleted", 1));
    content.difference().ifPresent(Difference::committed);
    assertThat(content.difference()).isEmpty();
    shows(kind(State.SERVED, 7), Set.of(policy("deleted", 1).key()), policy("deny", 3));
    assertThat(write()).containsOnlyKeys(policy("deny", 3).key().toString());
  }

  @Test
  void whenItIsReadAgainAllOfItIsCompared() throws Exception {
    restore(topic(kind(State.UNSERVED, 1), policy("deny", 2), policy("gone", 2)));
    shows(kind(State.UNSERVED, 1), Set.of());
    assertThat(content.difference()).isEmpty();
    shows(kind(State.SERVED, 7), Set.of(), policy("deny", 2));
    assertThat(write()).isEqualTo(Map.of(policy("gone", 2).key().toString(), Optional.empty()));
  }

  @Test
  void aTopicThatWasLostIsFilledWithWhatWasSeen() throws Exception {
    restore(Map.of());
    shows(kind(State.UNSERVED, 1), Set.of(), policy("deny", 2));
    assertThat(write()).containsOnlyKeys(policy("deny", 2).key().toString());
  }

  @Test
  void theObjectsOfARemovedKindGoAndTheirNumberIsToldBefore() throws Exception {
    restore(topic(kind(State.MISSING, 1), policy("a", 1), policy("b", 1)));
    shows(kind(State.REMOVED, 9), Set.of());
    assertThat(content.kindReports())
        .singleElement()
        .satisfies(report -> assertThat(report.isRemoval()).isTrue())
        .satisfies(report -> assertThat(report.text()).contains("2 (a, b)"));
    assertThat(write()).hasSize(2).allSatisfy((_, value) -> assertThat(value).isEmpty());
    assertThat(content.kindReports()).isEmpty();
  }

  @Test
  void whatIsKnownOfAKindIsKeptWithTheTimeItBegan() throws Exception {
    restore(topic(kind(State.UNSERVED, 3), policy("deny", 1)));
    shows(kind(State.UNSERVED, 9), Set.of());
    assertThat(content.kindReports())
        .singleElement()
        .satisfies(report -> assertThat(report.known().sinceMicros()).isEqualTo(3));
    shows(kind(State.UNREADABLE, 9), Set.of());
    assertThat(synced(content.difference().orElseThrow())).isEqualTo(kind(State.UNREADABLE, 9));
  }

  @Test
  void aKindThatNeverHadObjectsIsNobodysLoss() {
    restore(topic(kind(State.MISSING, 3)));
    for (var quiet : List.of(State.SERVED, State.MISSING, State.REMOVED)) {
      shows(kind(quiet, 9), Set.of());
      assertThat(content.kindReports()).as(quiet.name()).isEmpty();
    }
    for (var loud : List.of(State.UNREADABLE, State.UNSERVED)) {
      shows(kind(loud, 9), Set.of());
      assertThat(content.kindReports()).as(loud.name()).hasSize(1);
    }
  }

  @Test
  void aStateThatALaterWatcherWritesFreezes() {
    var later = Json.read("{\"state\":\"dormant\"}".getBytes(UTF_8), KnownKind.class);
    assertThat(later).isEqualTo(new KnownKind(State.MISSING, "", List.of(), "", 0));
  }

  @Test
  void theProblemNamesKindVersionsAndObjectsAndSaysWhatToDo() {
    restore(topic(kind(State.UNSERVED, 3), policy("deny", 1)));
    shows(kind(State.UNSERVED, 9), Set.of());
    assertThat(content.kindReports().getFirst().problem().text())
        .startsWith("api: ClusterNetworkPolicy: apiVersion: not served since 1970-01-01T00:00:00Z")
        .contains("v1beta1", "v1alpha2", "its object stays enforced as it was: deny")
        .contains("PORTCULLIS_FORGET_KINDS=ClusterNetworkPolicy");
  }
}
