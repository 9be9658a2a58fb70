package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Tier;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the policies of policy.networking.k8s.io, validated and defaulted as their
 * CustomResourceDefinitions say (A1–A10).
 *
 * <p>In a policy that is not valid, rules fail closed one by one ({@link TieredRuleReader}). If its
 * position in the order cannot be read, only its denials count, at the first position that it may
 * have. To accept or pass there could open what another policy closes.
 */
final class TieredPolicyReader {
  private static final Set<String> FIELDS =
      Set.of("apiVersion", "kind", "metadata", "spec", "status");
  private static final int MAX_PRIORITY = 1000;
  private static final String ONLY_NAME = "default";

  private final TieredDialect dialect;
  private final TieredPeerReader peers;
  private final TieredRuleReader rules;
  private final Violations violations;

  TieredPolicyReader(TieredDialect dialect, Violations violations) {
    this.dialect = dialect;
    this.violations = violations;
    this.peers = new TieredPeerReader(dialect, violations);
    this.rules = new TieredRuleReader(dialect, violations, peers);
  }

  /**
   * The position of a policy in the order (A2, A4).
   *
   * @param certain whether it is what the author wrote
   */
  private record Position(Tier tier, int priority, boolean certain) {}

  /** Returns the policy; empty if its subject cannot be read. */
  Optional<TieredPolicy> read(ObjectKey key, Origin origin, Field object) {
    object.hasOnly(FIELDS);
    var spec = Schema.required(object, "spec");
    if (!spec.present() || !spec.isObject()) {
      return Optional.empty();
    }
    spec.hasOnly(fields());
    var position = position(key, object, spec);
    var subject = peers.subject(Schema.required(spec, "subject"));
    var ingress = rules(object, "ingress", Direction.INGRESS);
    var egress = rules(object, "egress", Direction.EGRESS);
    return subject.map(
        pods ->
            new TieredPolicy(
                key,
                origin,
                position.tier(),
                position.priority(),
                pods,
                position.certain() ? ingress : denials(ingress),
                position.certain() ? egress : denials(egress)));
  }

  /** Reads the rules of a direction, which cannot be read if their field is misspelt (N10). */
  private List<TieredRule> rules(Field object, String name, Direction direction) {
    var field = object.child("spec").child(name);
    return !field.present() && mayBeMisspelt(object, name)
        ? TieredRuleReader.unreadable("its field is not known")
        : rules.rules(field, direction);
  }

  private boolean mayBeMisspelt(Field object, String name) {
    return violations.refusesUnknown()
        && (object.child("spec").mayMisspell(name, fields()) || object.mayMisspell(name, FIELDS));
  }

  private Set<String> fields() {
    return switch (dialect) {
      case CLUSTER -> Set.of("tier", "priority", "subject", "ingress", "egress");
      case ADMIN -> Set.of("priority", "subject", "ingress", "egress");
      case BASELINE_ADMIN -> Set.of("subject", "ingress", "egress");
    };
  }

  private Position position(ObjectKey key, Field object, Field spec) {
    return switch (dialect) {
      case CLUSTER -> {
        var tier = tier(Schema.required(spec, "tier"));
        yield position(tier, priority(spec));
      }
      case ADMIN -> position(Optional.of(Tier.ADMIN), priority(spec));
      case BASELINE_ADMIN -> { // A4
        var only = key.name().equals(ONLY_NAME);
        if (!only) {
          object
              .child("metadata")
              .child("name")
              .invalid(
                  "Only one baseline admin network policy with metadata.name=\"default\" can be"
                      + " created in the cluster");
        }
        yield new Position(Tier.BASELINE, TieredPolicy.LAST, only);
      }
    };
  }

  private static Position position(Optional<Tier> tier, Optional<Integer> priority) {
    return new Position(
        tier.orElse(Tier.ADMIN), priority.orElse(0), tier.isPresent() && priority.isPresent());
  }

  private static Optional<Tier> tier(Field field) {
    return Schema.choice(field, List.of("Admin", "Baseline"))
        .map(word -> word.equals("Admin") ? Tier.ADMIN : Tier.BASELINE);
  }

  private static Optional<Integer> priority(Field spec) {
    return Schema.number(Schema.required(spec, "priority"), 0, MAX_PRIORITY);
  }

  /** Returns the denials only; a Pass could lead around one, so it denies too. */
  private static List<TieredRule> denials(List<TieredRule> rules) {
    return rules.stream()
        .flatMap(
            rule ->
                switch (rule.action()) {
                  case ACCEPT -> Stream.<TieredRule>empty();
                  case DENY -> Stream.of(rule);
                  case PASS -> Stream.of(new TieredRule(rule.name(), Action.DENY, rule.match()));
                })
        .toList();
  }
}
