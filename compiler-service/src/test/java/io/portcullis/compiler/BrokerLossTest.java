package io.portcullis.compiler;

import static io.portcullis.Patience.await;
import static io.portcullis.compiler.TestObjects.deny;
import static io.portcullis.compiler.TestObjects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.compiler.versions.Past;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.topic.TestBroker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that is killed under the compiler, with its data or without. */
class BrokerLossTest {
  private static final Versioned N1 = new Versioned.OfNode("n1");
  private static final int MANY = 300;

  private TestBroker broker;
  private TestCluster cluster;

  @BeforeEach
  void start() {
    broker = new TestBroker();
    cluster = new TestCluster(broker);
  }

  @AfterEach
  void stop() {
    cluster.close();
    broker.close();
  }

  @Test
  void aBrokerThatLostAllIsWrittenAgainOnlyWhenTheSourceIsWholeAgain() {
    var loop = cluster.start();
    cluster.publish(pod("web", 5), deny());
    cluster.beat();
    var before = cluster.awaitVersion("n1", 0);
    broker.kill();
    broker.wipe();
    broker.start();
    cluster.publish(pod("web", 5), deny());
    await("the new cluster topic")
        .ignoreExceptions()
        .until(
            () ->
                loop.state().clusterTopicId().equals(cluster.clusterTopicId())
                    && loop.state().clusterPosition() == 2);
    TestCluster.awaitAllShards(loop);
    assertThat(loop.state().whole()).isFalse();
    assertThat(cluster.hasNodeTopics()).isFalse();
    cluster.beat();
    var after = cluster.awaitVersion("n1", before.marker().number());
    assertThat(after.marker().clusterTopicId()).isEqualTo(cluster.clusterTopicId());
    assertThat(after.marker().clusterPosition()).isGreaterThanOrEqualTo(3);
    assertThat(after.marker().digest()).isEqualTo(before.marker().digest());
    assertThat(cluster.versions.past(N1, after.marker().number())).isEqualTo(new Past.Found(after));
    assertThat(cluster.versions.past(N1, after.marker().number() - 1))
        .as("a version that was written before the source was whole")
        .isInstanceOf(Past.Gone.class);
  }

  @Test
  void hundredsOfNodesGoOnAfterTheBrokerWasKilled() {
    cluster.start();
    var names = IntStream.range(0, MANY).mapToObj(i -> "node-" + i).toList();
    cluster.publish(names.stream().map(TestObjects::node).toList());
    cluster.beat();
    await().ignoreExceptions().until(() -> cluster.versions.positions().size() == MANY);
    var before = new HashMap<String, Long>();
    cluster.versions.positions().forEach((node, position) -> before.put(node, position.version()));
    broker.kill();
    broker.start();
    var pods = new ArrayList<ClusterObject>();
    for (var i = 0; i < MANY; i++) {
      pods.add(pod("pod-" + i, i, names.get(i)));
    }
    cluster.publish(pods);
    await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(cluster.versions.positions())
                    .hasSize(MANY)
                    .allSatisfy(
                        (node, position) -> {
                          assertThat(position.version()).isGreaterThan(before.get(node));
                          assertThat(position.records()).isPositive();
                        }));
    for (var name : List.of(names.getFirst(), names.getLast())) {
      var present = cluster.versions.present(new Versioned.OfNode(name)).orElseThrow();
      assertThat(present.rules().digest().hex()).isEqualTo(present.marker().digest());
      assertThat(present.rules().endpoints()).hasSize(1);
    }
  }
}
