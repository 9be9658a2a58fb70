package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Family;
import io.portcullis.policy.rules.ChainBuilder.Built;
import io.portcullis.policy.rules.LiveChain.Key;
import io.portcullis.policy.rules.LiveChain.These;
import io.portcullis.policy.rules.PolicyProfile.Paths;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.TrafficPath;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** All chains that pods' traffic is asked by, each made once. */
final class LiveChains {
  private final LiveSets sets;
  private final Map<Key, LiveChain> chains = new HashMap<>();
  private final Set<LiveChain> unused = new LinkedHashSet<>();

  LiveChains(LiveSets sets) {
    this.sets = sets;
  }

  /** The paths that follow from a stance, for one user more of each of their chains. */
  Paths acquire(PolicyProfile.Key stance, Family family) {
    var used = new LinkedHashSet<LiveChain>();
    var first = new EnumMap<TrafficPath, Optional<ChainId>>(TrafficPath.class);
    for (var way : TrafficPath.values()) {
      first.put(way, path(stance, family, way, used));
    }
    used.forEach(chain -> chain.users++);
    return new Paths(
        first.get(TrafficPath.INGRESS),
        first.get(TrafficPath.EGRESS),
        first.get(TrafficPath.TO_OWN_NODE),
        used);
  }

  /** The tiers that traffic is asked by (A1), the last one made first. */
  private Optional<ChainId> path(
      PolicyProfile.Key stance, Family family, TrafficPath way, Set<LiveChain> used) {
    var selection = stance.selection(way.direction());
    var next = Action.ACCEPT; // A1: what no tier decides is allowed
    var first = Optional.<ChainId>empty();
    if (way != TrafficPath.TO_OWN_NODE && selection.networkPolicies().isPresent()) { // T5, A5
      var chain = networkPolicies(stance, family, way, selection.networkPolicies().get());
      used.add(chain);
      first = Optional.of(chain.chain.id());
      next = new Action.Continue(chain.chain.id());
    }
    for (var policies : List.of(selection.baseline(), selection.admin())) {
      if (policies.isEmpty()) {
        continue;
      }
      var chain = tier(stance, family, way, policies, next);
      if (!chain.chain.rules().isEmpty()) {
        used.add(chain);
        first = Optional.of(chain.chain.id());
        next = new Action.Continue(chain.chain.id());
      }
    }
    return first;
  }

  private LiveChain networkPolicies(
      PolicyProfile.Key stance, Family family, TrafficPath way, List<NetworkPolicy> policies) {
    var isolated = way == TrafficPath.INGRESS ? stance.isolated() : "";
    var key = key(stance, family, way, policies, isolated, Action.DENY);
    return chain(
        key,
        () -> {
          var names = names(policies);
          if (!isolated.isEmpty() && policies.stream().allMatch(NetworkPolicy::legacy)) {
            names.add(ObjectKey.namespace(isolated).display()); // L1: the annotation isolates
          }
          return builder(key, names).networkPolicies(policies);
        });
  }

  private LiveChain tier(
      PolicyProfile.Key stance,
      Family family,
      TrafficPath way,
      List<TieredPolicy> policies,
      Action next) {
    var key = key(stance, family, way, policies, "", next);
    return chain(key, () -> builder(key, names(policies)).tier(policies, next));
  }

  private static Key key(
      PolicyProfile.Key stance,
      Family family,
      TrafficPath way,
      List<? extends ClusterObject> policies,
      String isolated,
      Action next) {
    var ports = switch (way.direction()) { // N9: the names that matter are the destination's
          case INGRESS -> stance.ports();
          case EGRESS -> List.<ContainerPort>of();
        };
    return new Key(way.direction(), family, ports, new These(policies), isolated, next);
  }

  private static ChainBuilder builder(Key key, List<String> names) {
    return new ChainBuilder(key.direction(), key.family(), key.ports(), names);
  }

  private static List<String> names(List<? extends ClusterObject> policies) {
    return new ArrayList<>(policies.stream().map(policy -> policy.key().display()).toList());
  }

  private LiveChain chain(Key key, Supplier<Built> make) {
    var known = chains.get(key);
    if (known != null) {
      return known;
    }
    var built = make.get();
    var used = new LinkedHashSet<LiveSet>();
    for (var definition : built.sets()) {
      var set = sets.acquire(definition);
      if (!used.add(set)) {
        sets.release(set);
      }
    }
    var chain = new LiveChain(key, built.chain(), used);
    chains.put(key, chain);
    unused.add(chain);
    return chain;
  }

  /** For one user less of each of their chains. */
  void release(Paths paths) {
    for (var chain : paths.chains()) {
      chain.users--;
      unused.add(chain);
    }
  }

  /** Forgets the chains that are part of no path any more. */
  void forgetUnused() {
    for (var chain : unused) {
      if (chain.users == 0 && chains.remove(chain.key, chain)) {
        chain.sets.forEach(sets::release);
      }
    }
    unused.clear();
  }
}
