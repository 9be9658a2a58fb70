package io.portcullis.compiler;

import static io.portcullis.Patience.await;
import static io.portcullis.compiler.TestCluster.awaitPosition;
import static io.portcullis.compiler.TestObjects.DENY;
import static io.portcullis.compiler.TestObjects.deny;
import static io.portcullis.compiler.TestObjects.node;
import static io.portcullis.compiler.TestObjects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.compiler.rest.ExplainResource;
import io.portcullis.compiler.versions.Past;
import io.portcullis.compiler.versions.Version;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Evaluator;
import io.portcullis.ruleset.TrafficPath;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The loop against a real broker: cluster objects in, versions and history out. */
class CompilerLoopTest {
  private static final Versioned N1 = new Versioned.OfNode("n1");

  @AutoClose private final TestCluster cluster = TestCluster.onSharedBroker();

  @Test
  void nothingIsWrittenBeforeTheSourceIsWhole() {
    var loop = cluster.start();
    cluster.publish(pod("web", 5), pod("api", 6));
    awaitPosition(loop, 2);
    assertThat(cluster.hasNodeTopics()).isFalse();
    cluster.beat();
    var version = cluster.awaitVersion("n1", 0);
    assertThat(version.rules().endpoints()).hasSize(2);
    assertIsFirst(version, 3);
  }

  @Test
  void aBeatOfAnEarlierIncarnationDoesNotMakeItWhole() {
    var loop = cluster.start();
    cluster.publish(pod("web", 5));
    cluster.beat("AAAAAAAAAAAAAAAAAAAAAA");
    awaitPosition(loop, 2);
    assertThat(cluster.hasNodeTopics()).isFalse();
    cluster.beat();
    assertIsFirst(cluster.awaitVersion("n1", 0), 3);
  }

  /** The version was compiled from that position or a later one, and none was committed before. */
  private void assertIsFirst(Version version, long position) {
    assertThat(version.marker().clusterPosition()).isGreaterThanOrEqualTo(position);
    assertThat(cluster.versions.past(N1, version.marker().number() - 1))
        .isInstanceOf(Past.Gone.class);
  }

  @Test
  void everyVersionCanBeAskedForAgain() {
    cluster.start();
    cluster.publish(pod("web", 5), pod("api", 6), node("n2"));
    cluster.beat();
    var open = cluster.awaitVersion("n1", 0);
    assertThat(cluster.awaitVersion("n2", 0).rules().records()).isEmpty();
    cluster.publish(deny());
    var closed = cluster.awaitVersion("n1", open.marker().number());
    assertThat(closed.marker().causes())
        .singleElement()
        .satisfies(
            cause -> {
              assertThat(cause.object()).isEqualTo(DENY.toString());
              assertThat(cause.source()).isEqualTo("test.yaml");
              assertThat(cause.seenMicros()).isEqualTo(TestObjects.POLICY_SEEN_MICROS);
            });
    assertThat(allowed(open)).isTrue();
    assertThat(allowed(closed)).isFalse();
    cluster.remove(DENY);
    var reopened = cluster.awaitVersion("n1", closed.marker().number());
    assertThat(reopened.marker().digest()).isEqualTo(open.marker().digest());
    assertThat(reopened.marker().causes()).singleElement().matches(cause -> cause.removed());
    for (var version : List.of(open, closed, reopened)) {
      assertThat(cluster.versions.past(N1, version.marker().number()))
          .isEqualTo(new Past.Found(version));
      assertThat(version.rules().digest().hex()).isEqualTo(version.marker().digest());
    }
    assertThat(cluster.versions.past(N1, 1)).isInstanceOf(Past.Gone.class);
    assertThat(cluster.versions.past(N1, open.marker().number() + 1))
        .isInstanceOf(Past.Unknown.class);
    assertThat(cluster.versions.positions().keySet()).containsExactly("n1", "n2");
  }

  @Test
  void aRestartWritesNothingAndGoesOn() {
    cluster.start();
    cluster.publish(pod("web", 5));
    cluster.beat();
    var before = cluster.awaitVersion("n1", 0);
    cluster.end(cluster.loops.getFirst());
    cluster.start();
    TestCluster.awaitAllShards(cluster.loops.getFirst());
    cluster.publish(deny());
    var after = cluster.awaitVersion("n1", before.marker().number());
    assertThat(after.marker().causes()).hasSize(1);
    assertThat(cluster.versions.past(N1, before.marker().number()))
        .isEqualTo(new Past.Found(before));
  }

  @Test
  void manyVersionsAreRebuiltFromSnapshotsAndCommits() {
    cluster.start();
    cluster.publish(pod("web", 5));
    cluster.beat();
    var seen = new ArrayList<>(List.of(cluster.awaitVersion("n1", 0)));
    for (var i = 0; i < 13; i++) {
      cluster.publish(pod("web", 5 + i % 2), pod("p" + i, 100 + i));
      seen.add(cluster.awaitVersion("n1", seen.getLast().marker().number()));
    }
    for (var version : List.of(seen.get(0), seen.get(4), seen.get(5), seen.get(8), seen.get(12))) {
      assertThat(cluster.versions.past(N1, version.marker().number()))
          .isEqualTo(new Past.Found(version));
    }
  }

  @Test
  void aRecordThatCannotBeReadHarmsOnlyItself() {
    cluster.start();
    cluster.publish(pod("web", 5), deny());
    cluster.beat();
    var before = cluster.awaitVersion("n1", 0);
    cluster.publishRaw("core/Pod/shop/web", "{\"type\":\"Gremlin\"}".getBytes());
    cluster.publish(pod("api", 6));
    var after = cluster.awaitVersion("n1", before.marker().number());
    assertThat(after.rules().endpoints()).hasSize(2);
    assertThat(cluster.loops.getFirst().state().unreadable()).containsKey("core/Pod/shop/web");
  }

  @Test
  void aVerdictIsExplainedAsSoonAsTheClusterIsWholeAndFollowsItsChanges() {
    cluster.start();
    var resource = new ExplainResource(cluster.loops.getFirst());
    cluster.publish(pod("web", 5), pod("api", 6));
    awaitPosition(cluster.loops.getFirst(), 2);
    assertThat(explain(resource, "shop/api", "shop/web").getStatus()).isEqualTo(503);
    cluster.beat();
    await().until(() -> verdict(resource).startsWith("{\"verdict\":\"allowed\""));
    cluster.publish(deny());
    await().until(() -> verdict(resource).startsWith("{\"verdict\":\"denied\""));
    assertThat(verdict(resource)).contains("\"policy\":\"NetworkPolicy/shop/deny\"");
    assertThat(explain(resource, "shop/api", "shop/wbe").getStatus()).isEqualTo(404);
    assertThat(explain(resource, "shop/api", "web").getStatus()).isEqualTo(400);
    assertThat(explain(resource, "shop/api", "fd00::5").getStatus()).isEqualTo(400);
    assertThat(
            resource
                .explain(Optional.of("shop/api"), Optional.of("shop/web"), Optional.empty())
                .getStatus())
        .isEqualTo(400);
  }

  private static Response explain(ExplainResource resource, String from, String to) {
    return resource.explain(Optional.of(from), Optional.of(to), Optional.of("tcp/80"));
  }

  private static String verdict(ExplainResource resource) {
    var response = explain(resource, "shop/api", "10.244.1.5");
    return new String((byte[]) response.getEntity(), StandardCharsets.UTF_8);
  }

  private static boolean allowed(Version version) {
    var flow =
        new Flow(
            IpAddress.parse("10.244.1.6"),
            IpAddress.parse("10.244.1.5"),
            Optional.of(new Flow.Port(Protocol.TCP, 80)));
    return Evaluator.decide(version.rules(), TrafficPath.INGRESS, flow).allowed();
  }
}
