package io.portcullis.policy.reach;

import io.portcullis.net.IpAddress;
import io.portcullis.policy.rules.PodChains;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tells of pods whether two snapshots hold the same chains and sets for them. */
final class Sameness {
  private final Snapshot before;
  private final Snapshot now;

  /** The sets that are not the same in both snapshots. */
  private final Set<SetId> changedSets = new HashSet<>();

  private final Map<PodChains, Map<PodChains, Boolean>> known = new IdentityHashMap<>();

  Sameness(Snapshot before, Snapshot now) {
    this.before = before;
    this.now = now;
    for (var set : before.sets()) {
      if (!Objects.equals(before.set(set), now.set(set))) {
        changedSets.add(set);
      }
    }
  }

  /** Tells whether nothing has changed in the chains of an address and the sets that they use. */
  boolean isSame(IpAddress address) {
    var old = before.chains(address);
    var young = now.chains(address);
    return old.isEmpty() || young.isEmpty()
        ? old.equals(young)
        : known
            .computeIfAbsent(old.get(), _ -> new IdentityHashMap<>())
            .computeIfAbsent(young.get(), _ -> isSame(old.get(), young.get()));
  }

  private boolean isSame(PodChains old, PodChains young) {
    for (var path : TrafficPath.values()) {
      if (!old.first(path).map(chain -> chain.id()).equals(young.first(path).map(c -> c.id()))) {
        return false;
      }
    }
    return changedSets.isEmpty() || old.sets().stream().noneMatch(changedSets::contains);
  }
}
