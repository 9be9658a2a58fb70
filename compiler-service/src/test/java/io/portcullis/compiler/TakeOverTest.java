package io.portcullis.compiler;

import static io.portcullis.Patience.await;
import static io.portcullis.compiler.TestObjects.DENY;
import static io.portcullis.compiler.TestObjects.deny;
import static io.portcullis.compiler.TestObjects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.compiler.versions.Past;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.topic.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A compiler that takes over the shards of another one. */
class TakeOverTest {
  private static final Versioned N1 = new Versioned.OfNode("n1");

  @AutoClose private final TestCluster cluster = TestCluster.onSharedBroker();

  @Test
  void whoTakesOverGoesOnFromWhatItFollowed() {
    startTwoLoops();
    var before = cluster.awaitVersion("n1", 0);
    var owner = ownerOf("n1");
    cluster.publish(deny());
    var denied = cluster.awaitVersion("n1", before.marker().number());
    end(owner);
    assertThat(cluster.versions.present(N1)).contains(denied);
    cluster.remove(DENY);
    var after = cluster.awaitVersion("n1", denied.marker().number());
    assertThat(after.marker().digest()).isEqualTo(before.marker().digest());
    assertThat(cluster.versions.past(N1, denied.marker().number()))
        .isEqualTo(new Past.Found(denied));
  }

  @Test
  void whatOthersWroteInBetweenIsSeenByWhoTakesOver() {
    startTwoLoops();
    var before = cluster.awaitVersion("n1", 0);
    var owner = ownerOf("n1");
    var endpoint = before.rules().endpoints().iterator().next();
    var topic = Topics.node("n1").name();
    cluster.produce(
        List.of(
            new ProducerRecord<>(topic, 0, endpoint.key(), null),
            new ProducerRecord<>(topic, 0, "gremlin", new byte[] {1})));
    end(owner);
    var after = cluster.awaitVersion("n1", before.marker().number());
    assertThat(after.rules()).isEqualTo(before.rules());
  }

  /** The second one joins only when it knows what the first one wrote. */
  private void startTwoLoops() {
    cluster.start();
    cluster.publish(pod("web", 5), pod("api", 6));
    cluster.beat();
    cluster.awaitVersion("n1", 0);
    cluster.start();
    await()
        .until(
            () ->
                cluster.loops.stream()
                    .map(loop -> loop.state().ownedShards().size())
                    .toList()
                    .equals(List.of(Topics.SHARDS / 2, Topics.SHARDS / 2)));
  }

  private CompilerLoop ownerOf(String node) {
    return cluster.loops.stream()
        .filter(loop -> loop.state().ownedShards().contains(Topics.shardOf(node)))
        .findFirst()
        .orElseThrow();
  }

  private void end(CompilerLoop owner) {
    cluster.end(owner);
    TestCluster.awaitAllShards(cluster.loops.getFirst());
  }
}
