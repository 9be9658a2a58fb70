package io.portcullis.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.portcullis.net.Family;
import io.portcullis.policy.reach.Decider;
import io.portcullis.policy.reach.Party;
import io.portcullis.policy.reach.Row;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A row of flows for programs.
 *
 * @param effect {@code allowed}, {@code opened} or {@code closed}
 * @param ports such as {@code tcp/80}, {@code udp} or {@code icmp and others}; the whole set
 * @param families {@code IPv4}, {@code IPv6}
 * @param before absent where there is only one state
 */
record FlowRecord(
    String effect,
    End source,
    End destination,
    List<String> ports,
    List<String> families,
    Reasons now,
    Optional<Reasons> before) {

  /**
   * A party.
   *
   * @param kind {@code pods}, {@code nodes}, {@code ownNode}, {@code itself} or {@code network}
   * @param pods how many of its pods or nodes take part; absent for networks
   * @param of how many pods or nodes it has
   */
  record End(
      String kind,
      String name,
      @JsonProperty("pods") Optional<Integer> pods,
      @JsonProperty("of") Optional<Integer> of) {}

  /** The reasons of a flow, by its end. */
  record Reasons(List<Reason> egress, List<Reason> ingress) {}

  /**
   * What decides at one end.
   *
   * @param by {@code rule}, {@code isolation} or {@code nobody}
   * @param names rules as {@code Kind/namespace/name#index}, or policies that isolate
   */
  record Reason(String by, boolean allows, List<String> names) {}

  static FlowRecord of(Row row) {
    return new FlowRecord(
        FlowTable.effect(row),
        end(row.source()),
        end(row.destination()),
        row.ports().words(),
        Stream.of(Family.values()).filter(row.families()::contains).map(FlowRecord::name).toList(),
        reasons(row.now()),
        row.effect() == Row.Effect.ALLOWED ? Optional.empty() : Optional.of(reasons(row.before())));
  }

  static String name(Family family) {
    return switch (family) {
      case V4 -> "IPv4";
      case V6 -> "IPv6";
    };
  }

  static End end(Row.End end) {
    var kind =
        switch (end.party()) {
          case Party.Pods _ -> "pods";
          case Party.Nodes _ -> "nodes";
          case Party.OwnNode _ -> "ownNode";
          case Party.ItselfThroughService _ -> "itself";
          case Party.Outside _ -> "network";
        };
    var counted = end.of() > 0;
    return new End(
        kind,
        end.party().text(),
        counted ? Optional.of(end.members()) : Optional.empty(),
        counted ? Optional.of(end.of()) : Optional.empty());
  }

  static Reasons reasons(Row.Reasons reasons) {
    return new Reasons(
        reasons.egress().stream().map(FlowRecord::reason).toList(),
        reasons.ingress().stream().map(FlowRecord::reason).toList());
  }

  private static Reason reason(Decider decider) {
    return switch (decider) {
      case Decider.ByRule(var allows, var rules) -> new Reason("rule", allows, rules);
      case Decider.Isolated(var policies) -> new Reason("isolation", false, policies);
      case Decider.Nobody _ -> new Reason("nobody", true, List.of());
    };
  }
}
