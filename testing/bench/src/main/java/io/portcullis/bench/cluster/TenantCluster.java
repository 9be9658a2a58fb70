package io.portcullis.bench.cluster;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import io.portcullis.net.Cidr;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A cluster of many tenants: few large namespaces and many small ones; deployments of one pod to
 * hundreds; policies within a namespace, between tiers and teams, and for all pods of the cluster.
 */
final class TenantCluster {
  private static final int PODS_PER_NAMESPACE = 60;
  private static final int MOST_REPLICAS = 300;
  private static final int TEAMS = 40;
  private static final List<String> TIERS = List.of("web", "api", "db", "cache", "job");

  private final ClusterBuilder builder;
  private final Random random;
  private final List<Deployment> deployments = new ArrayList<>();

  private record Deployment(String namespace, String app, String tier) {
    LabelSelector selector() {
      return Peers.labels("app", app);
    }
  }

  TenantCluster(ClusterBuilder builder, Random random) {
    this.builder = builder;
    this.random = random;
  }

  void fill(int pods, int policies) {
    var namespaces = pods / PODS_PER_NAMESPACE;
    var weights = 0.0;
    for (var i = 0; i < namespaces; i++) {
      weights += weight(i);
    }
    var left = pods;
    for (var i = 0; i < namespaces; i++) {
      var share = Math.max(1, (int) Math.round(pods * weight(i) / weights));
      var count = i == namespaces - 1 ? left : Math.min(share, left - (namespaces - 1 - i));
      namespace(i, count);
      left -= count;
    }
    everywhere();
    for (var i = 0; i < namespaces; i++) {
      builder.policy(
          "town-" + i,
          LabelSelector.EVERYTHING,
          EnumSet.of(Direction.INGRESS),
          List.of(),
          List.of());
    }
    for (var i = namespaces; i < policies; i++) {
      policy();
    }
  }

  private static double weight(int rank) {
    return 1 / Math.pow(rank + 5.0, 0.8);
  }

  /**
   * Adds a namespace and its pods. Every second namespace is in the mesh, whose pods all others
   * admit on one port.
   */
  private void namespace(int number, int pods) {
    var name = "town-" + number;
    builder.namespace(
        name,
        Map.of(
            "team", "team-" + number % TEAMS,
            "env", number % 3 == 0 ? "production" : "test",
            "mesh", number % 2 == 0 ? "on" : "off"));
    for (var left = pods; left > 0; ) {
      var replicas = Math.min(left, replicas());
      var ordinal = deployments.size();
      var deployment =
          new Deployment(name, "app-" + ordinal, TIERS.get(random.nextInt(TIERS.size())));
      deployments.add(deployment);
      builder.pods(
          name,
          Map.of(
              "app", deployment.app(),
              "tier", deployment.tier(),
              "pod-template-hash", Integer.toHexString(0x10000000 + ordinal * 7919)),
          List.of(new ContainerPort("http", Protocol.TCP, 8_000 + random.nextInt(3))),
          replicas);
      left -= replicas;
    }
  }

  private int replicas() {
    return (int) Math.min(MOST_REPLICAS, 1 + Math.pow(random.nextDouble(), -0.9));
  }

  /**
   * Adds an operator's policies for all pods: monitoring and the mesh are admitted, everything else
   * is denied.
   */
  private void everywhere() {
    var mesh = Peers.pods(Peers.labels("mesh", "on"), LabelSelector.EVERYTHING);
    var monitoring =
        Peers.pods(
            Peers.labels("kubernetes.io/metadata.name", "town-0"), Peers.labels("tier", "job"));
    var metadata = new Peer.Block(Cidr.parse("169.254.169.254/32"), List.of());
    builder.tiered(
        Tier.ADMIN,
        10,
        List.of(
            new TieredRule(
                "monitoring", Action.ACCEPT, Peers.rule(List.of(monitoring), Peers.tcp(9_100))),
            new TieredRule("mesh", Action.ACCEPT, Peers.rule(List.of(mesh), Peers.tcp(15_020)))),
        List.of(new TieredRule("metadata", Action.DENY, Peers.rule(List.of(metadata)))));
    builder.tiered(
        Tier.BASELINE,
        100,
        List.of(new TieredRule("default", Action.DENY, Peers.EVERYTHING)),
        List.of());
  }

  private void policy() {
    var subject = deployments.get(random.nextInt(deployments.size()));
    var other = deployments.get(random.nextInt(deployments.size()));
    var team = "team-" + random.nextInt(TEAMS);
    var in = Set.of(Direction.INGRESS);
    var out = Set.of(Direction.EGRESS);
    switch (random.nextInt(6)) {
      case 0, 1 ->
          builder.policy(
              subject.namespace(),
              subject.selector(),
              in,
              List.of(
                  Peers.rule(
                      List.of(Peers.here(Peers.labels("tier", other.tier()))), Peers.tcp(8_080))),
              List.of());
      case 2 ->
          builder.policy(
              subject.namespace(),
              subject.selector(),
              in,
              List.of(
                  Peers.rule(
                      List.of(
                          Peers.pods(
                              Peers.labels("team", team), Peers.labels("tier", other.tier()))),
                      Peers.named("http"))),
              List.of());
      case 3 ->
          builder.policy(
              subject.namespace(),
              Peers.labels("tier", subject.tier()),
              in,
              List.of(
                  Peers.rule(
                      List.of(
                          Peers.pods(
                              Peers.labels("kubernetes.io/metadata.name", other.namespace()),
                              other.selector())),
                      Peers.tcp(443),
                      Peers.tcp(8_443))),
              List.of());
      case 4 ->
          builder.policy(
              subject.namespace(),
              subject.selector(),
              out,
              List.of(),
              List.of(
                  Peers.everyone(Peers.udp(53)),
                  Peers.rule(
                      List.of(
                          Peers.pods(
                              Peers.labels("kubernetes.io/metadata.name", other.namespace()),
                              other.selector())),
                      Peers.named("http"))));
      default ->
          builder.policy(
              subject.namespace(),
              subject.selector(),
              out,
              List.of(),
              List.of(
                  Peers.rule(
                      List.of(
                          new Peer.Block(
                              Cidr.parse("203.0.%d.0/24".formatted(random.nextInt(256))),
                              List.of())),
                      Peers.tcp(443))));
    }
  }
}
