package io.portcullis.bench.cluster;

import io.portcullis.cluster.ClusterObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/** Kinds of clusters. */
public enum Shape {
  /** The limits that Kubernetes supports: 5,000 nodes, 150,000 pods, 10,000 policies. */
  LARGEST("largest", 5_000) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      new TenantCluster(builder, random).fill(150_000, 10_000);
    }
  },
  /** The cluster of {@link #LARGEST} at a tenth of the size. */
  TENTH("tenth", 500) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      new TenantCluster(builder, random).fill(15_000, 1_000);
    }
  },
  /**
   * The cluster of {@link #LARGEST} at a hundredth of the size, to show in seconds that the
   * benchmark works.
   */
  HUNDREDTH("hundredth", 50) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      new TenantCluster(builder, random).fill(1_500, 100);
    }
  },
  /** Red Hat's test: 240 namespaces with 20 policies that have five of each thing. */
  FIVES("fives", 250) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      Workloads.fives(builder, 240, 20);
    }
  },
  /** Antrea's first test: 25,000 namespaces with 4 pods and 3 policies each. */
  SMALL_NAMESPACES("small_namespaces", 1_000) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      Workloads.smallNamespaces(builder, 25_000);
    }
  },
  /** Antrea's second test: 10,000 pods and 10,000 policies that each select every pod. */
  ONE_NAMESPACE("one_namespace", 1_000) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      Workloads.oneNamespace(builder, 10_000);
    }
  },
  /** The worst case of questions about all flows: 20,000 pods that each admit one address. */
  BLOCK_A_POD("block_a_pod", 1_000) {
    @Override
    void fill(ClusterBuilder builder, Random random) {
      Workloads.blockAPod(builder, 200, 100);
    }
  };

  private final String text;
  private final int nodes;

  Shape(String text, int nodes) {
    this.text = text;
    this.nodes = nodes;
  }

  /** Returns the name of the shape in options and figures. */
  public String text() {
    return text;
  }

  public int nodes() {
    return nodes;
  }

  public static Optional<Shape> of(String text) {
    return Arrays.stream(values()).filter(shape -> shape.text.equals(text)).findFirst();
  }

  /** Returns all objects of a cluster of this shape; the same seed gives the same objects. */
  public List<ClusterObject> objects(long seed) {
    var random = Random.from(new SplittableRandom(seed));
    var builder = new ClusterBuilder(nodes, random);
    fill(builder, random);
    return builder.objects();
  }

  abstract void fill(ClusterBuilder builder, Random random);
}
