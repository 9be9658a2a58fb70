package io.portcullis.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Synced;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import io.portcullis.topic.ShardContent.Kind;
import io.portcullis.topic.ShardContent.ShardTopic;
import io.portcullis.topic.TopicContent;
import io.portcullis.topic.Topics;
import io.portcullis.topic.Writings;
import io.portcullis.watcher.source.Remarks;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.source.SourceState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterContentTest {
  private static final ShardTopic TOPIC = new ShardTopic(Topics.cluster(), 0, Kind.COMPACTED);
  private static final ObjectKey LARGE = ObjectKey.namespace("large");

  private final SourceState state = new SourceState();
  private final SourceRecheck recheck = new SourceRecheck(new NoSource());
  private final ClusterContent content =
      new ClusterContent(
          new ClusterContent.Input("test", state, recheck), () -> 1, Published.NOBODY);

  private static Sighting labelled(String label) {
    return new Sighting.Valid(
        new Namespace(LARGE, new Origin("file.yaml", "", 0, 0), Map.of("label", label), false));
  }

  private void restore(Map<String, byte[]> values) {
    content.released();
    content.restored(TOPIC, new TopicContent("id", new TreeMap<>(values), 0)).take();
    recheck.advance();
  }

  private void take(List<Sighting> sightings, Set<ObjectKey> gone, Remarks remarks) {
    state.take(new SourceEvent.Changed(sightings, gone, Map.of(), remarks));
    content.catchUp();
  }

  private Map<String, Optional<byte[]>> written() throws InterruptedException {
    return Writings.of(content.difference().orElseThrow());
  }

  private void takeLargeOne() {
    restore(Map.of());
    take(List.of(labelled("x".repeat(Topics.LARGEST_RECORD + 1))), Set.of(), Remarks.NONE);
    assertThat(content.tooLarge()).hasSize(1);
  }

  @Test
  void anObjectThatIsTooLargeIsToldUntilItIsGone() {
    takeLargeOne();
    take(List.of(), Set.of(LARGE), Remarks.NONE);
    assertThat(content.tooLarge()).isEmpty();
  }

  @Test
  void orUntilItIsGoneWhenAllIsComparedAgain() {
    takeLargeOne();
    var problem = new Problem("b.yaml", "file", "text", "broken", Severity.ERROR);
    var unreadable = new Sighting.Unreadable("b.yaml", problem);
    take(List.of(), Set.of(LARGE), new Remarks(List.of(unreadable), List.of()));
    assertThat(content.tooLarge()).isEmpty();
  }

  @Test
  void orUntilItIsSmaller() {
    takeLargeOne();
    take(List.of(labelled("x")), Set.of(), Remarks.NONE);
    assertThat(content.tooLarge()).isEmpty();
  }

  @Test
  void nothingIsWrittenBeforeTheSourceWasReadOnceMore() {
    restore(Map.of());
    content.released();
    content.restored(TOPIC, new TopicContent("id", new TreeMap<>(), 0)).take();
    take(List.of(labelled("x")), Set.of(), Remarks.NONE);
    assertThat(content.difference()).isEmpty();
    recheck.advance();
    content.catchUp();
    assertThat(content.difference()).isPresent();
  }

  @Test
  void whatTheBrokersTakeLateIsWrittenInSmallerParts() throws Exception {
    restore(Map.of("oops", new byte[] {1}));
    take(namespaces(120), Set.of(), Remarks.NONE);
    assertThat(written()).hasSize(122);
    for (var times = 0; times < 10; times++) {
      content.late();
      content.catchUp();
    }
    assertThat(commit()).as("the first part").hasSize(50).doesNotContain("oops", Synced.KEY);
    assertThat(commit()).as("the second part").hasSize(72).contains("oops", Synced.KEY);
    assertThat(content.difference()).isEmpty();
  }

  @Test
  void aRemovalThatTheBrokersTakeLateIsWrittenAgain() throws Exception {
    restore(Map.of("oops", new byte[] {1}));
    content.catchUp();
    content.late();
    content.catchUp();
    assertThat(commit()).contains("oops");
  }

  private static List<Sighting> namespaces(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> ObjectKey.namespace("n" + i))
        .<Sighting>map(
            key ->
                new Sighting.Valid(
                    new Namespace(key, new Origin("file.yaml", "", 0, 0), Map.of(), false)))
        .toList();
  }

  /** Writes what is to be written, and returns the keys. */
  private Set<String> commit() throws InterruptedException {
    var difference = content.difference().orElseThrow();
    var keys = Writings.of(difference).keySet();
    difference.committed();
    content.catchUp();
    return keys;
  }

  @Test
  void askingForTheDifferenceChangesNothing() throws Exception {
    restore(Map.of("oops", new byte[] {1}));
    take(List.of(labelled("x")), Set.of(), Remarks.NONE);
    assertThat(written()).containsOnlyKeys(LARGE.toString(), "oops", Synced.KEY);
    assertThat(written()).containsOnlyKeys(LARGE.toString(), "oops", Synced.KEY);
  }

  @Test
  void aRecordThatCannotBeReadIsReplacedAndNotRemoved() throws Exception {
    restore(Map.of(LARGE.toString(), new byte[] {1}));
    take(List.of(labelled("x")), Set.of(), Remarks.NONE);
    assertThat(written().get(LARGE.toString())).isPresent();
  }
}
