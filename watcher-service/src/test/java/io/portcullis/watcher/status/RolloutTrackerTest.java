package io.portcullis.watcher.status;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.history.NodePosition;
import io.portcullis.history.Progress;
import io.portcullis.history.ShardProgress;
import io.portcullis.json.Json;
import io.portcullis.ruleset.Applied;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.publish.KindReport;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.status.Rollout.Reach;
import io.portcullis.watcher.status.RolloutReader.Wanted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A11 */
class RolloutTrackerTest {
  private static final String TOPIC = "topic";

  private final AtomicLong nanos = new AtomicLong();
  private final List<Set<Wanted>> reads = new CopyOnWriteArrayList<>();
  private final List<String> reported = new CopyOnWriteArrayList<>();
  private volatile long compiled;
  private volatile boolean fails;
  private final RolloutTracker tracker = new RolloutTracker(this::read, sink(), nanos::get);

  @AfterEach
  void stop() {
    tracker.close();
  }

  private Rollout read(Set<Wanted> wanted) {
    reads.add(wanted);
    if (fails) {
      throw new org.apache.kafka.common.errors.TimeoutException("no broker");
    }
    var progress = new Progress(0, TOPIC, compiled, 0, "history", 0);
    var node = new NodePosition(1, "", 0, 0, 0, 0, 0, 0, 0, Optional.empty());
    return new Rollout(
        List.of(
            new ShardProgress(Optional.of(progress), new TreeMap<>(Map.of("n1", node)), List.of())),
        Map.of("n1", answer()));
  }

  private static Applied answer() {
    return new Applied(
        "n1",
        1,
        "",
        "",
        Optional.empty(),
        0,
        0,
        0,
        List.of(),
        Optional.empty(),
        new Applied.Agent("", "", ""),
        List.of());
  }

  private StatusSink sink() {
    return new StatusSink() {
      @Override
      public void inForce(Map<ObjectKey, String> all) {}

      @Override
      public void own(boolean isOwner) {}

      @Override
      public void kinds(List<KindReport> reports) {}

      @Override
      public void reached(ObjectKey key, Origin form, Reach reach) {
        reported.add(key.name() + " " + reach.isComplete());
      }

      @Override
      public void missingPorts(Map<ObjectKey, MissingPorts> all) {}

      @Override
      public void close() {}
    };
  }

  private void publish(Kind kind, String name, long position) {
    var text =
        """
        {"metadata": {"name": "%s", "namespace": "shop"},
         "spec": {"tier": "Admin", "priority": 5, "subject": {"namespaces": {}},
                  "podSelector": {}}}
        """
            .formatted(name);
    var json =
        Json.read(
            text.getBytes(StandardCharsets.UTF_8), com.fasterxml.jackson.databind.JsonNode.class);
    var sighting = ApiObject.read(kind, json, 1).sighting();
    assertThat(sighting).isInstanceOf(Sighting.Valid.class);
    if (sighting instanceof Sighting.Valid(var object)) {
      tracker.at(object, TOPIC, position);
    }
  }

  @Test
  void aPolicyThatAllNodesHoldIsReportedAndNotAskedForAgain() {
    compiled = 5;
    publish(Kind.CLUSTER_POLICY, "first", 5);
    await().until(() -> reported.contains("first true"));
    compiled = 9;
    publish(Kind.CLUSTER_POLICY, "second", 9);
    await().until(() -> reported.contains("second true"));
    assertThat(reads.getLast()).containsExactly(new Wanted(TOPIC, 9));
    assertThat(reads).allSatisfy(wanted -> assertThat(wanted).hasSize(1));
  }

  @Test
  void aPolicyIsAskedForUntilItHasArrivedAndReportedToBeOnItsWayAfterAWhile() {
    publish(Kind.CLUSTER_POLICY, "late", 5);
    await().until(() -> reads.size() >= 2);
    assertThat(reported).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    await().until(() -> reported.contains("late false"));
    compiled = 5;
    await().until(() -> reported.contains("late true"));
  }

  @Test
  void whatIsNotPublishedAnyMoreIsNotAskedFor() {
    publish(Kind.CLUSTER_POLICY, "gone", 50);
    publish(Kind.CLUSTER_POLICY, "stays", 60);
    await().until(() -> reads.stream().anyMatch(wanted -> wanted.size() == 2));
    tracker.gone(Kind.CLUSTER_POLICY.key("", "gone"));
    await().until(() -> reads.getLast().equals(Set.of(new Wanted(TOPIC, 60))));
    tracker.forgotten();
    compiled = 9;
    publish(Kind.CLUSTER_POLICY, "new", 9);
    await().until(() -> reported.contains("new true"));
    assertThat(reads.getLast()).containsExactly(new Wanted(TOPIC, 9));
    assertThat(reported).containsExactly("new true");
  }

  @Test
  void otherKindsAreNotFollowed() {
    publish(Kind.NETWORK_POLICY, "plain", 3);
    compiled = 9;
    publish(Kind.CLUSTER_POLICY, "deny", 9);
    await().until(() -> reported.contains("deny true"));
    assertThat(reads).allSatisfy(wanted -> assertThat(wanted).containsOnly(new Wanted(TOPIC, 9)));
  }

  @Test
  void aBrokerThatDoesNotAnswerIsAskedAgain() {
    fails = true;
    compiled = 5;
    publish(Kind.CLUSTER_POLICY, "deny", 5);
    await().until(() -> reads.size() >= 2);
    fails = false;
    await().until(() -> reported.contains("deny true"));
  }
}
