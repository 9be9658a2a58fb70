package io.portcullis.oracle;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.json.Json;
import io.portcullis.oracle.WrittenRules.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Random tiered policies as authors write them, each with its meaning. They hold also what a newer
 * definition might add: peers, ports and protocols that nobody knows yet (A8).
 */
public final class WrittenPolicies {
  private static final String GROUP = "policy.networking.k8s.io";

  private final Random random;
  private final RandomParts parts;

  private WrittenPolicies(Random random) {
    this.random = random;
    this.parts = new RandomParts(random, ClusterSizes.SMALL.names());
  }

  /**
   * A policy.
   *
   * @param manifest what its author wrote, as JSON
   * @param meaning what that means
   */
  public record Written(String manifest, TieredPolicy meaning) {}

  /** Returns the policies of a seed; they fit to the small cluster of any seed. */
  public static List<Written> of(long seed) {
    return new WrittenPolicies(Random.from(new SplittableRandom(~seed))).draw();
  }

  private List<Written> draw() {
    var drawn = new ArrayList<Written>();
    var count = random.nextInt(3);
    for (var number = 0; number < count; number++) {
      drawn.add(policy("written-" + number, parts.one(List.of(Dialect.values()))));
    }
    return List.copyOf(drawn);
  }

  private Written policy(String name, Dialect dialect) {
    var rules = new WrittenRules(random, parts, dialect);
    var tier =
        switch (dialect) {
          case CLUSTER -> parts.one(List.of(Tier.values()));
          case ADMIN -> Tier.ADMIN;
        };
    var priority = random.nextInt(3);
    var namespaces = parts.selector();
    var ingress = parts.several(0, 2, () -> rules.rule(Direction.INGRESS));
    var egress = parts.several(0, 2, () -> rules.rule(Direction.EGRESS));
    var spec = new LinkedHashMap<String, Object>();
    if (dialect == Dialect.CLUSTER) {
      spec.put("tier", tier == Tier.ADMIN ? "Admin" : "Baseline");
    }
    spec.put("priority", priority);
    spec.put("subject", Map.of("namespaces", WrittenRules.text(namespaces)));
    spec.put("ingress", texts(ingress));
    spec.put("egress", texts(egress));
    var key = new ObjectKey(GROUP, dialect.kind(), "", name);
    return new Written(
        manifest(dialect, name, spec),
        new TieredPolicy(
            key,
            parts.origin(),
            tier,
            priority,
            new Peer.Pods(Optional.of(namespaces), Optional.of(LabelSelector.EVERYTHING)),
            meanings(ingress),
            meanings(egress)));
  }

  private static String manifest(Dialect dialect, String name, Map<String, Object> spec) {
    var object = new LinkedHashMap<String, Object>();
    object.put("apiVersion", GROUP + "/" + dialect.version());
    object.put("kind", dialect.kind());
    object.put("metadata", Map.of("name", name));
    object.put("spec", spec);
    return new String(Json.bytes(object), StandardCharsets.UTF_8);
  }

  private static List<Map<String, Object>> texts(List<WrittenRules.Rule> rules) {
    return rules.stream().map(WrittenRules.Rule::text).toList();
  }

  private static List<TieredRule> meanings(List<WrittenRules.Rule> rules) {
    return rules.stream().map(WrittenRules.Rule::meaning).toList();
  }
}
