package io.portcullis.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.observe.NodeView;
import io.portcullis.lab.probe.Reachability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests when the matrix of a running lab is probed again, and what is shown meanwhile. */
class BackgroundMatrixTest {
  private static final String STALE = "This is from before the newest change. Probing again.";

  private final AtomicLong nanos = new AtomicLong();
  private final List<LabState> probed = new ArrayList<>();
  private volatile CountDownLatch mayEnd = new CountDownLatch(0);
  private final BackgroundMatrix matrix = new BackgroundMatrix(this::probe, nanos::get);

  private Reachability probe(LabState state) throws InterruptedException {
    probed.add(state);
    mayEnd.await();
    if (state.change() == 13) {
      throw new IllegalStateException("no file may be opened");
    }
    return new Reachability(Map.of(), List.of());
  }

  @AfterEach
  void close() {
    matrix.close();
  }

  @Test
  void isShownAsOutdatedWhileItIsProbedAgain() {
    var first = converged(1);
    probeNow(first, kernels("a"));
    assertThat(matrix.lines(first, kernels("a"))).doesNotContain(STALE);

    mayEnd = new CountDownLatch(1);
    var next = converged(2);
    assertThat(matrix.isDue(next, kernels("b"))).isTrue();
    matrix.probe(next, kernels("b"));
    assertThat(matrix.isDue(next, kernels("b"))).as("one run at a time").isFalse();
    assertThat(matrix.lines(next, kernels("b"))).contains(STALE);

    mayEnd.countDown();
    awaitEnd(next, kernels("b"));
    assertThat(matrix.lines(next, kernels("b"))).doesNotContain(STALE);
    assertThat(probed).hasSize(2);
  }

  @Test
  void waitsForNodesThatAreBehindButNotForever() {
    var behind = behind(1);

    assertThat(matrix.isDue(behind, kernels("a"))).isFalse();
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(matrix.isDue(behind, kernels("a"))).isTrue();
  }

  @Test
  void isProbedAgainWhenAKernelChanges() {
    var enforcement = converged(1);
    probeNow(enforcement, kernels("a"));

    assertThat(matrix.isDue(enforcement, kernels("a"))).isFalse();
    assertThat(matrix.isDue(enforcement, kernels("tampered"))).isTrue();
  }

  @Test
  void saysWhyItCouldNotBeProbed() {
    var enforcement = converged(13);
    probeNow(enforcement, kernels("a"));

    assertThat(matrix.lines(enforcement, kernels("a")))
        .containsExactly("Who reaches whom is not known: no file may be opened");
  }

  private void probeNow(Enforcement enforcement, SortedMap<String, Optional<String>> kernels) {
    assertThat(matrix.isDue(enforcement, kernels)).isTrue();
    matrix.probe(enforcement, kernels);
    awaitEnd(enforcement, kernels);
  }

  private void awaitEnd(Enforcement enforcement, SortedMap<String, Optional<String>> kernels) {
    Patience.await()
        .until(
            () -> {
              matrix.isDue(enforcement, kernels);
              return !matrix.lines(enforcement, kernels).contains(STALE)
                  && !matrix.lines(enforcement, kernels).contains("Probing who reaches whom.");
            });
  }

  private static Enforcement converged(long change) {
    return new Enforcement(state(change), new TreeMap<>(), new TreeMap<>());
  }

  private static Enforcement behind(long change) {
    return new Enforcement(
        state(change),
        new TreeMap<>(Map.of("node-1", "d1")),
        new TreeMap<>(Map.of("node-1", NodeView.UNKNOWN)));
  }

  private static LabState state(long change) {
    return new LabState(
        change, List.of(), Topology.of(List.of(), List.of(), List.of()), List.of(), List.of());
  }

  private static SortedMap<String, Optional<String>> kernels(String digest) {
    return new TreeMap<>(Map.of("node-1", Optional.of(digest)));
  }
}
