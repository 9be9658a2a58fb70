package io.portcullis.watcher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Sighting;
import io.portcullis.topic.Topics;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.source.SourceState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterContentTest {
  private final SourceState state = new SourceState();
  private final ClusterContent content =
      new ClusterContent("test", state, () -> 1, Published.NOBODY);

  private static Sighting labelled(String label) {
    return new Sighting.Valid(
        new Namespace(
            ObjectKey.namespace("large"),
            new Origin("file.yaml", "", 0, 0),
            Map.of("label", label),
            false));
  }

  private void takeLargeOne() {
    var large = labelled("x".repeat(Topics.LARGEST_RECORD + 1));
    state.take(new SourceEvent.Whole(List.of(large), List.of()));
    content.difference();
    assertThat(content.tooLarge()).hasSize(1);
  }

  @Test
  void anObjectThatIsTooLargeIsToldUntilItIsGoneFromTheWhole() {
    takeLargeOne();
    state.take(new SourceEvent.Whole(List.of(), List.of()));
    content.difference();
    assertThat(content.tooLarge()).isEmpty();
  }

  @Test
  void orUntilItIsSaidToBeGone() {
    takeLargeOne();
    state.take(new SourceEvent.Changed(List.of(), Set.of(ObjectKey.namespace("large")), Map.of()));
    content.difference();
    assertThat(content.tooLarge()).isEmpty();
  }

  @Test
  void orUntilItIsSmaller() {
    takeLargeOne();
    state.take(new SourceEvent.Changed(List.of(labelled("x")), Set.of(), Map.of()));
    content.difference();
    assertThat(content.tooLarge()).isEmpty();
  }
}
