package io.portcullis.ruleset;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import java.util.Optional;
import java.util.Set;

/** Decides flows by a rule set as the kernel does; every module uses this evaluator. */
public final class Evaluator {
  private Evaluator() {}

  /** What decided a flow for one direction. */
  public sealed interface Verdict {
    boolean allowed();

    /** The address is no endpoint of this node, or no policy touches it in this direction. */
    record NoPolicy() implements Verdict {
      @Override
      public boolean allowed() {
        return true;
      }
    }

    /** A service sends the pod back to itself, which NetworkPolicies do not restrict (T4). */
    record Self() implements Verdict {
      @Override
      public boolean allowed() {
        return true;
      }
    }

    /** A rule matched. */
    record ByRule(NodeRecord.Chain chain, int index, boolean allowed) implements Verdict {
      public Rule rule() {
        return chain.rules().get(index);
      }
    }

    /** No rule matched, so the end of the chain decided. */
    record ByEnd(NodeRecord.Chain chain, boolean allowed) implements Verdict {}
  }

  /**
   * Returns the verdict of one end: of the source on its egress, to its own node or elsewhere, or
   * of the destination on its ingress. What a pod sends to its own address never comes to a kernel
   * that enforces, so from a pod to itself means through a service (A12).
   */
  public static Verdict decide(RuleSet rules, TrafficPath way, Flow flow) {
    var subject = way.direction().subject(flow);
    var peer = way.direction().peer(flow);
    var chain = rules.endpoint(subject).flatMap(endpoint -> endpoint.chain(way));
    if (chain.isEmpty()) {
      return new Verdict.NoPolicy();
    }
    var verdict = walk(rules, chain.get(), peer, flow.port());
    return subject.equals(peer) && verdict instanceof Verdict.ByEnd(_, var allowed) && !allowed
        ? new Verdict.Self() // T4: only NetworkPolicies deny at the end of a chain
        : verdict;
  }

  private static Verdict walk(RuleSet rules, ChainId id, IpAddress peer, Optional<Flow.Port> port) {
    var chain =
        rules
            .chain(id)
            .orElseThrow(() -> new IllegalArgumentException("the rule set has no chain " + id));
    for (var i = 0; i < chain.rules().size(); i++) {
      var rule = chain.rules().get(i);
      if (!matches(rules, rule, peer, port)) {
        continue;
      }
      switch (rule.action()) {
        case Action.Accept _ -> {
          return new Verdict.ByRule(chain, i, true);
        }
        case Action.Deny _ -> {
          return new Verdict.ByRule(chain, i, false);
        }
        case Action.Continue(var next) -> {
          return walk(rules, next, peer, port);
        }
      }
    }
    return switch (chain.end()) {
      case Action.Accept _ -> new Verdict.ByEnd(chain, true);
      case Action.Deny _ -> new Verdict.ByEnd(chain, false);
      case Action.Continue(var next) -> walk(rules, next, peer, port);
    };
  }

  private static boolean matches(
      RuleSet rules, Rule rule, IpAddress peer, Optional<Flow.Port> port) {
    return rule.ports().matches(port)
        && rule.peers().map(set -> holds(set, rules.members(set), peer, port)).orElse(true);
  }

  private static boolean holds(
      SetId set, Set<Element> members, IpAddress peer, Optional<Flow.Port> port) {
    return switch (set.kind()) {
      case HOSTS -> members.contains(new Element.Host(peer));
      case NETWORKS -> members.stream().anyMatch(element -> element.matches(peer, port));
      case HOST_PORTS ->
          port.filter(p -> members.contains(new Element.HostPort(peer, p.protocol(), p.number())))
              .isPresent();
    };
  }
}
