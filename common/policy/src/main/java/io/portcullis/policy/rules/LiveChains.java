package io.portcullis.policy.rules;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Family;
import io.portcullis.policy.rules.ChainBuilder.Built;
import io.portcullis.policy.rules.LiveChain.Key;
import io.portcullis.policy.rules.LiveChain.SameObjects;
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

/** The chains that decide the traffic of pods. Each is built once. */
final class LiveChains {
  private static final String REFUSED_PODS = "refused pods";

  private final LiveSets sets;
  private final Map<Key, LiveChain> chains = new HashMap<>();
  private final Set<LiveChain> unused = new LinkedHashSet<>();

  LiveChains(LiveSets sets) {
    this.sets = sets;
  }

  /** Returns the paths of a profile. Each of their chains now has one user more. */
  Paths acquire(PolicyProfile.Key profile, Family family) {
    var used = new LinkedHashSet<LiveChain>();
    var first = new EnumMap<TrafficPath, Optional<ChainId>>(TrafficPath.class);
    for (var path : TrafficPath.values()) {
      first.put(path, firstChain(profile, family, path, used));
    }
    used.forEach(chain -> chain.users++);
    return new Paths(
        first.get(TrafficPath.INGRESS),
        first.get(TrafficPath.EGRESS),
        first.get(TrafficPath.TO_OWN_NODE),
        used);
  }

  /**
   * Returns the first chain that decides traffic (A1). The chain of the last tier is built first.
   */
  private Optional<ChainId> firstChain(
      PolicyProfile.Key profile, Family family, TrafficPath path, Set<LiveChain> used) {
    var selection = profile.selection(path.direction());
    var next = Action.ACCEPT; // A1: what no tier decides is allowed
    var first = Optional.<ChainId>empty();
    if (path != TrafficPath.TO_OWN_NODE && selection.networkPolicies().isPresent()) { // T5, A5
      var chain = networkPolicies(profile, family, path, selection.networkPolicies().get());
      used.add(chain);
      first = Optional.of(chain.chain.id());
      next = new Action.Continue(chain.chain.id());
    }
    for (var policies : List.of(selection.baseline(), selection.admin())) {
      if (policies.isEmpty()) {
        continue;
      }
      var chain = tier(profile, family, path, policies, next);
      if (!chain.chain.rules().isEmpty()) {
        used.add(chain);
        first = Optional.of(chain.chain.id());
        next = new Action.Continue(chain.chain.id());
      }
    }
    return first;
  }

  private LiveChain networkPolicies(
      PolicyProfile.Key profile, Family family, TrafficPath path, List<NetworkPolicy> policies) {
    var isolated = path == TrafficPath.INGRESS ? profile.isolated() : "";
    var key = key(profile, family, path, policies, isolated, Action.DENY);
    return chain(
        key,
        () -> {
          var names = names(policies);
          if (!isolated.isEmpty() && policies.stream().allMatch(NetworkPolicy::legacy)) {
            names.add(ObjectKey.namespace(isolated).display()); // L1: the annotation isolates
          }
          if (profile.refused()) {
            names.add(REFUSED_PODS); // N10
          }
          return builder(key, names).networkPolicies(policies);
        });
  }

  private LiveChain tier(
      PolicyProfile.Key profile,
      Family family,
      TrafficPath path,
      List<TieredPolicy> policies,
      Action next) {
    var key = key(profile, family, path, policies, "", next);
    return chain(key, () -> builder(key, names(policies)).tier(policies, next));
  }

  private static Key key(
      PolicyProfile.Key profile,
      Family family,
      TrafficPath path,
      List<? extends ClusterObject> policies,
      String isolated,
      Action next) {
    var ports = switch (path.direction()) { // N9: a name means a port of the destination
          case INGRESS -> profile.ports();
          case EGRESS -> List.<ContainerPort>of();
        };
    return new Key(path.direction(), family, ports, new SameObjects(policies), isolated, next);
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

  /** Takes one user away from each chain. {@link #forgetUnused} forgets a chain without users. */
  void release(Paths paths) {
    for (var chain : paths.chains()) {
      chain.users--;
      unused.add(chain);
    }
  }

  /** Forgets the chains that have no users any more. */
  void forgetUnused() {
    for (var chain : unused) {
      if (chain.users == 0 && chains.remove(chain.key, chain)) {
        chain.sets.forEach(sets::release);
      }
    }
    unused.clear();
  }
}
