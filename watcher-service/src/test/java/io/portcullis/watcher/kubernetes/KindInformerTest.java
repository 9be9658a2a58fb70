package io.portcullis.watcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.apiserver.FakeApiServer;
import io.portcullis.watcher.kubernetes.InformerContext.Timing;
import io.portcullis.watcher.kubernetes.InformerEvent.Listed;
import io.portcullis.watcher.kubernetes.InformerEvent.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class KindInformerTest {
  private static final int PODS = 2_000;

  @AutoClose private final FakeApiServer fake = new FakeApiServer();
  @AutoClose private final ApiServer server = fake.server();
  private final BlockingQueue<InformerEvent> events = new LinkedBlockingQueue<>(100);
  private final InformerContext context =
      new InformerContext(server, events, () -> 7, Timing.STANDARD);

  /** So memory is bounded, however large the cluster is. */
  @Test
  void aListIsNotReadAheadOfWhoeverTakesItIn() throws Exception {
    makePods();
    try (var informer = new KindInformer(context, Kind.POD, "v1", 3, Set.of())) {
      Patience.await().until(() -> events.remainingCapacity() == 0);
      assertThat(fake.pages(Kind.POD)).hasSize(1);
      var taken = untilListed();
      assertThat(taken).filteredOn(Seen.class::isInstance).hasSize(PODS);
      assertThat(taken.getLast()).isEqualTo(new Listed(Kind.POD, 3));
      assertThat(informer.end()).hasSize(PODS);
    }
  }

  /** What was put into a full queue when the informer was interrupted is not lost. */
  @Test
  void lookingAgainInTheMiddleOfAListReportsEachObjectOnce() throws Exception {
    makePods();
    try (var informer = new KindInformer(context, Kind.POD, "v1", 1, Set.of())) {
      Patience.await().until(() -> events.remainingCapacity() == 0);
      informer.lookAgain(2);
      var taken = untilListed();
      assertThat(taken).filteredOn(Seen.class::isInstance).hasSize(PODS).doesNotHaveDuplicates();
      assertThat(taken.getLast()).isEqualTo(new Listed(Kind.POD, 2));
    }
  }

  private void makePods() {
    for (var i = 0; i < PODS; i++) {
      fake.put(Kind.POD, "shop", "pod-" + i, "{\"spec\": {\"nodeName\": \"n1\"}}");
    }
  }

  private List<InformerEvent> untilListed() throws InterruptedException {
    var taken = new ArrayList<InformerEvent>();
    do {
      taken.add(events.take());
    } while (!(taken.getLast() instanceof Listed));
    return taken;
  }
}
