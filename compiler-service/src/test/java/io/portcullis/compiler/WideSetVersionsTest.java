package io.portcullis.compiler;

import static io.portcullis.Patience.await;
import static io.portcullis.compiler.TestObjects.allowAll;
import static io.portcullis.compiler.TestObjects.node;
import static io.portcullis.compiler.TestObjects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.compiler.versions.Past;
import io.portcullis.compiler.versions.Version;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.net.Family;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.SetId;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Sets that many nodes need, against a real broker. */
class WideSetVersionsTest {
  private static final Versioned N1 = new Versioned.OfNode("n1");

  @AutoClose private final TestCluster cluster = TestCluster.onSharedBroker();

  @Test
  void aSetThatManyNodesNeedIsPublishedOnceAndHasVersionsOfItsOwn() {
    cluster.start(new WideSetPolicy(3));
    var nodes = List.of("n1", "n2", "n3", "n4");
    for (var i = 0; i < nodes.size(); i++) {
      cluster.publish(pod("web-" + i, 10 + i, nodes.get(i)), node(nodes.get(i)));
    }
    cluster.publish(allowAll());
    cluster.beat();
    var first = cluster.awaitVersion("n1", 0);
    var set = new Versioned.OfSet(everybody(first));
    assertThat(DanglingReferences.of(first.rules())).isEmpty();
    assertThat(first.rules().members(set.id())).hasSize(4);
    assertThat(first.wide()).containsKey(set.id());
    assertThat(first.marker().digest()).isNotEqualTo(first.rules().digest().hex());
    var others = cluster.awaitVersion("n2", 0);
    assertThat(everybody(others)).isEqualTo(set.id());

    cluster.publish(pod("api", 20, "n1"));
    var second = cluster.awaitVersion("n1", first.marker().number());
    assertThat(second.rules().members(set.id())).hasSize(5);
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.versions.present(set).orElseThrow().rules().members(set.id()))
                    .hasSize(5));
    var n2 = cluster.versions.present(new Versioned.OfNode("n2")).orElseThrow();
    assertThat(n2.marker()).isEqualTo(others.marker());
    assertThat(n2.rules().members(set.id())).hasSize(5);
    var past = cluster.versions.past(N1, first.marker().number());
    assertThat(((Past.Found) past).version().rules()).isEqualTo(first.rules());
    var ofSet = cluster.versions.past(set, first.wide().get(set.id()).number());
    assertThat(((Past.Found) ofSet).version().rules().members(set.id())).hasSize(4);
    assertThat(cluster.versions.positions()).containsOnlyKeys(nodes);

    cluster.end(cluster.loops.getFirst());
    cluster.start(new WideSetPolicy(3));
    TestCluster.awaitAllShards(cluster.loops.getFirst());
    cluster.awaitProgress("n1");
    cluster.awaitProgress(set.id().toString());
    assertThat(cluster.versions.present(N1).orElseThrow().marker()).isEqualTo(second.marker());
    assertThat(cluster.versions.present(set).orElseThrow().marker())
        .isEqualTo(second.wide().get(set.id()));

    cluster.publish(pod("more", 21, "n2"));
    cluster.awaitVersion("n2", others.marker().number());
    for (var node : List.of("n3", "n4")) {
      cluster.remove(ObjectKey.pod("shop", "web-" + nodes.indexOf(node)));
      cluster.remove(ObjectKey.node(node));
    }
    await()
        .untilAsserted(
            () -> {
              var narrow = cluster.versions.present(N1).orElseThrow();
              assertThat(narrow.marker().wide()).isEmpty();
              assertThat(narrow.rules().members(set.id())).hasSize(4);
              assertThat(narrow.rules().digest().hex()).isEqualTo(narrow.marker().digest());
              assertThat(cluster.versions.present(set)).isEmpty();
            });
  }

  @Test
  void aSetThatIsWideAgainIsInHistoryAsItIs() {
    cluster.start(new WideSetPolicy(2));
    cluster.publish(
        pod("web", 10, "n1"), node("n1"), node("n2"), pod("goes", 11, "n1"), allowAll());
    cluster.beat();
    var set = new Versioned.OfSet(everybody(cluster.awaitVersion("n1", 0)));
    assertThat(cluster.versions.present(set).orElseThrow().rules().members(set.id())).hasSize(2);
    cluster.remove(ObjectKey.node("n2"));
    await().until(() -> cluster.versions.present(set).isEmpty());
    cluster.remove(ObjectKey.pod("shop", "goes"));
    cluster.publish(node("n2"));
    await().until(() -> cluster.versions.present(set).isPresent());
    var back = cluster.versions.present(set).orElseThrow();
    assertThat(back.rules().members(set.id())).hasSize(1);
    assertThat(cluster.versions.past(set, back.marker().number())).isEqualTo(new Past.Found(back));
  }

  private SetId everybody(Version version) {
    return version.marker().wide().stream()
        .filter(need -> need.set().family() == Family.V4)
        .findFirst()
        .orElseThrow()
        .set();
  }
}
