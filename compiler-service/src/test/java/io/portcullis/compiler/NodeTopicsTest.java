package io.portcullis.compiler;

import static io.portcullis.Patience.await;
import static io.portcullis.compiler.TestObjects.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.compiler.versions.Past;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.topic.TopicSpec;
import io.portcullis.topic.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that come, go and come back, against a real broker. */
class NodeTopicsTest {
  private static final String LONGEST = "a".repeat(63) + ".b".repeat(95);

  @AutoClose private final TestCluster cluster = TestCluster.onSharedBroker();

  @BeforeEach
  void start() {
    cluster.start();
  }

  @Test
  void theTopicsOfANodeThatIsGoneOutlastItForATimeThatTheSourceMustSee() {
    cluster.publish(node("stays"), node("goes"), pod("goes", 1));
    cluster.admin.ensure(List.of(applied("goes"), applied("stays")));
    cluster.beat();
    var last = cluster.awaitVersion("goes", 0);
    cluster.remove(
        ObjectKey.node("goes"), ObjectKey.pod("shop", "web")); // no version without the pod
    awaitGone("goes");
    cluster.pass(
        TestCluster.GRACE.plusSeconds(
            1)); // by this clock alone: no beat, so the source may be lost
    cluster.awaitProgress("goes");
    assertThat(exists("goes")).isTrue();
    cluster.beat();
    await().until(() -> !exists("goes"));
    assertThat(cluster.admin.ids(List.of(applied("goes").name()))).isEmpty();
    assertThat(cluster.admin.ids(List.of(applied("stays").name()))).isNotEmpty();
    assertThat(exists("stays")).isTrue();
    assertThat(cluster.versions.past(new Versioned.OfNode("goes"), last.marker().number()))
        .isEqualTo(new Past.Found(last));
    assertThat(cluster.versions.positions()).containsOnlyKeys("stays");

    cluster.publish(node("goes"), pod("goes", 2));
    var again = cluster.awaitVersion("goes", last.marker().number());
    assertThat(again.rules().endpoints()).hasSize(1);
    assertThat(again.marker().topicId()).isNotEqualTo(last.marker().topicId());
    assertThat(cluster.versions.past(new Versioned.OfNode("goes"), again.marker().number()))
        .isEqualTo(new Past.Found(again));
  }

  @Test
  void aNodeThatComesBackInTimeGoesOnInItsTopicAlsoUnderAnotherCompiler() {
    cluster.publish(node("returns"));
    cluster.beat();
    var first = cluster.awaitVersion("returns", 0);
    cluster.remove(ObjectKey.node("returns"));
    awaitGone("returns");
    cluster.end(cluster.loops.getFirst());
    cluster.start();
    cluster.publish(node("returns"), pod("returns", 7));
    var second = cluster.awaitVersion("returns", first.marker().number());
    assertThat(second.marker().topicId()).isEqualTo(first.marker().topicId());
    assertThat(second.rules().endpoints()).hasSize(1);
    cluster.pass(TestCluster.GRACE.plusSeconds(1));
    cluster.beat();
    cluster.awaitProgress("returns");
    assertThat(exists("returns")).isTrue();
  }

  @Test
  void theLastNodeOfAShardIsRememberedByItsNextOwner() {
    cluster.publish(node("alone"));
    cluster.beat();
    cluster.awaitVersion("alone", 0);
    cluster.remove(ObjectKey.node("alone"));
    awaitGone("alone");
    cluster.end(cluster.loops.getFirst());
    cluster.start();
    cluster.pass(TestCluster.GRACE.plusSeconds(1));
    cluster.beat();
    await().until(() -> !exists("alone"));
  }

  @Test
  void aNodeWithTheLongestNameHasTopicsAsAnyOther() {
    cluster.publish(node(LONGEST), pod(LONGEST, 3));
    cluster.beat();
    assertThat(cluster.awaitVersion(LONGEST, 0).rules().endpoints()).hasSize(1);
    assertThat(cluster.versions.positions()).containsOnlyKeys(LONGEST);
  }

  private static ClusterObject pod(String node, int number) {
    return TestObjects.pod("web", number, node);
  }

  private static TopicSpec applied(String node) {
    return Topics.applied(node, Duration.ofDays(7));
  }

  private boolean exists(String node) {
    return cluster.exists(Topics.node(node).name());
  }

  private void awaitGone(String node) {
    await().until(() -> !cluster.versions.positions().containsKey(node));
  }
}
