package io.portcullis.validation;

import io.portcullis.cluster.Direction;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.cluster.TieredRule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the rules of a tiered policy, in order.
 *
 * <p>A rule with a peer, port or protocol that is not known fails closed as a whole (A8). An Accept
 * rule then matches nothing. A Deny or Pass rule denies: every peer for the rule's ports if a peer
 * is not known, every port and protocol, including ICMP, for the rule's peers if a port is not
 * known, and its whole direction with both.
 *
 * <p>A rule that is not valid (N10) may have meant anything. If its action is Accept it matches
 * nothing, otherwise it denies its whole direction. So it denies at least what its author wanted to
 * deny, and the rules before and after it stay as they are.
 */
final class TieredRuleReader {
  private static final int MAX_NAME = 100;
  private static final PolicyRule EVERYTHING = new PolicyRule(Optional.empty(), Optional.empty());

  private final TieredDialect dialect;
  private final Violations violations;
  private final TieredPeerReader peers;
  private final TieredPortReader ports;

  TieredRuleReader(TieredDialect dialect, Violations violations, TieredPeerReader peers) {
    this.dialect = dialect;
    this.violations = violations;
    this.peers = peers;
    this.ports = new TieredPortReader(dialect, violations);
  }

  /** Returns the rules of a direction; none if it is absent (A6). */
  List<TieredRule> rules(Field list, Direction direction) {
    var before = violations.errors();
    var items = list.items();
    if (violations.errors() > before) { // N10: not a list, so it may have denied anything
      return unreadable("not a list");
    }
    if (items.size() > dialect.most()) {
      list.tooMany(items.size(), dialect.most());
    }
    var rules = new ArrayList<TieredRule>();
    items.forEach(item -> rules.add(rule(item, direction)));
    return rules;
  }

  /** Returns the rules that stand in for those of a direction that cannot be read (N10). */
  static List<TieredRule> unreadable(String reason) {
    return List.of(broken("", Optional.empty(), reason));
  }

  private TieredRule rule(Field field, Direction direction) {
    if (!Schema.isObject(field)) {
      return broken("", Optional.empty(), "not an object");
    }
    var to = peersField(direction);
    var name = name(field.child("name"));
    var before = violations.mark();
    field.hasOnly(Set.of("name", "action", to, dialect.ports()));
    var action = action(Schema.required(field, "action"));
    var withPeers = peers.peers(Schema.required(field, to), direction);
    var portsField = field.child(dialect.ports());
    var withPorts =
        portsField.present()
            ? Optional.of(ports.ports(portsField))
            : Optional.<KnownItems<PortSpec>>empty();
    checkNamedPorts(field, direction);
    return violations
        .errorSince(before, field.path())
        .map(reason -> broken(name, action, reason))
        .orElseGet(() -> failingClosed(field, name, action.orElseThrow(), withPeers, withPorts));
  }

  private static String peersField(Direction direction) {
    return switch (direction) {
      case INGRESS -> "from";
      case EGRESS -> "to";
    };
  }

  /** Reads the name of a rule; one that is not valid does not change the rule's meaning. */
  private static String name(Field field) {
    return field.present() ? Schema.text(field, MAX_NAME).orElse("") : "";
  }

  private Optional<Action> action(Field field) { // A3
    return Schema.choice(field, dialect.actions())
        .map(
            word ->
                switch (word) {
                  case "Deny" -> Action.DENY;
                  case "Pass" -> Action.PASS;
                  default -> Action.ACCEPT;
                });
  }

  private void checkNamedPorts(Field rule, Direction direction) {
    if (direction == Direction.INGRESS) {
      return;
    }
    var nameless =
        rule.child("to").items().stream()
            .flatMap(peer -> peer.members().stream())
            .anyMatch(dialect.peersOfEgress()::contains);
    var named =
        rule.child(dialect.ports()).items().stream()
            .anyMatch(port -> port.child(dialect.namedPort()).present());
    if (nameless && named) {
      rule.invalidObject(
          switch (dialect) {
            case CLUSTER, ADMIN ->
                "networks/nodes/domainNames peer cannot be set with namedPorts since there are no"
                    + " namedPorts for networks/nodes/domainNames";
            case BASELINE_ADMIN ->
                "networks/nodes peer cannot be set with namedPorts since there are no namedPorts"
                    + " for networks/nodes";
          });
    }
  }

  private static TieredRule failingClosed( // A8
      Field field,
      String name,
      Action action,
      KnownItems<Peer> peers,
      Optional<KnownItems<PortSpec>> ports) {
    var knownPeers = Optional.of(peers.items());
    var knownPorts = ports.map(KnownItems::items);
    var unknown = peers.unknown().or(() -> ports.flatMap(KnownItems::unknown));
    if (unknown.isEmpty()) {
      return new TieredRule(name, action, new PolicyRule(knownPeers, knownPorts));
    }
    var reason = Violations.relative(field.path(), unknown.get().path()) + "not known";
    return switch (action) {
      case ACCEPT -> new TieredRule(name, action, PolicyRule.NOTHING.insteadOfRefused(reason));
      case DENY, PASS ->
          new TieredRule(
              name,
              Action.DENY,
              new PolicyRule(
                      knownPeers.filter(_ -> peers.complete()),
                      knownPorts.filter(_ -> ports.get().complete()))
                  .insteadOfRefused(reason));
    };
  }

  private static TieredRule broken(String name, Optional<Action> action, String reason) {
    return action.equals(Optional.of(Action.ACCEPT))
        ? new TieredRule(name, Action.ACCEPT, PolicyRule.NOTHING.insteadOfRefused(reason))
        : new TieredRule(name, Action.DENY, EVERYTHING.insteadOfRefused(reason));
  }
}
