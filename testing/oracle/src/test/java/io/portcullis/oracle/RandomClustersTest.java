package io.portcullis.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.json.Json;
import io.portcullis.oracle.ClusterSizes.Names;
import io.portcullis.oracle.ClusterSizes.Range;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomClustersTest {
  private static final ClusterSizes LARGE =
      new ClusterSizes(
          new Names(40, 300, 500, 20, 30),
          4_000,
          new Range(40, 40),
          new Range(5_000, 5_000),
          new Range(400, 400),
          new Range(20, 20));

  /** A change here makes conformance runs of two releases incomparable. */
  @Test
  void aSeedMakesTheSameClusterInEveryRelease() throws Exception {
    var sha256 = MessageDigest.getInstance("SHA-256");
    for (var seed = 1L; seed <= 300; seed++) {
      sha256.update(Json.bytes(RandomClusters.of(seed)));
    }
    assertThat(HexFormat.of().formatHex(sha256.digest()))
        .isEqualTo("9ff10d189279a29e09217e5867340312139279af1cba60ef11e84355cc3d7133");
  }

  @Test
  void sizesSayHowManyObjectsThereAre() {
    var objects = RandomClusters.of(7, LARGE);
    assertThat(objects).isEqualTo(RandomClusters.of(7, LARGE));
    assertThat(number(objects, Node.class)).isBetween(200, 300);
    assertThat(number(objects, Pod.class)).isBetween(3_000, 5_000);
    assertThat(number(objects, NetworkPolicy.class)).isBetween(200, 400);
  }

  @Test
  void everyAddressOfAPodIsAmongThoseThatMatter() {
    var addresses = RandomClusters.addresses(LARGE);
    assertThat(addresses).doesNotHaveDuplicates();
    for (var object : RandomClusters.of(3, LARGE)) {
      if (object instanceof Pod pod) {
        assertThat(addresses).containsAll(pod.addresses());
      }
    }
  }

  private static int number(List<ClusterObject> objects, Class<? extends ClusterObject> kind) {
    return (int) objects.stream().filter(kind::isInstance).count();
  }
}
