package io.portcullis.ruleset;

import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pcollections.PMap;

/**
 * A rule set under change; {@link RuleSet#with(RuleSetEdit)} is the rule set after it. The cost is
 * that of what is put and removed.
 */
public final class RuleSetEdit {
  private final RecordMaps before;
  private PMap<SetId, SetContent> sets;
  private PMap<ChainId, Chain> chains;
  private PMap<IpAddress, Endpoint> endpoints;
  private PMap<IpRange, PodCidr> podCidrs;

  /** Members come one by one and are many: they join their sets together. */
  private final Map<SetId, Members> members = new HashMap<>();

  private final Touched touched = new Touched();

  private record Members(List<Element> added, List<Element> removed) {
    Members() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /** The keys whose records the digest after the change compares. */
  private record Touched(
      Set<SetId> sets, Set<ChainId> chains, Set<IpAddress> endpoints, Set<IpRange> podCidrs) {
    Touched() {
      this(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    }
  }

  RuleSetEdit(RecordMaps before) {
    this.before = before;
    this.sets = before.sets();
    this.chains = before.chains();
    this.endpoints = before.endpoints();
    this.podCidrs = before.podCidrs();
  }

  /** Puts a record in place of the one with its key. */
  public RuleSetEdit put(NodeRecord item) {
    switch (item) {
      case AddressSet set -> declare(set.id(), Optional.of(set));
      case Member(var set, var element) -> members(set).added().add(element);
      case Chain chain -> {
        chains = chains.plus(chain.id(), chain);
        touched.chains().add(chain.id());
      }
      case Endpoint endpoint -> {
        endpoints = endpoints.plus(endpoint.ip(), endpoint);
        touched.endpoints().add(endpoint.ip());
      }
      case PodCidr cidr -> {
        podCidrs = podCidrs.plus(cidr.range(), cidr);
        touched.podCidrs().add(cidr.range());
      }
    }
    return this;
  }

  /** Puts a set with all its members in place of the one with its id. */
  public RuleSetEdit put(SetContent set) {
    keep(set);
    return this;
  }

  /** Removes the record with that one's key. */
  void remove(NodeRecord item) {
    switch (item) {
      case AddressSet set -> declare(set.id(), Optional.empty());
      case Member(var set, var element) -> members(set).removed().add(element);
      case Chain chain -> remove(chain.id());
      case Endpoint endpoint -> remove(endpoint.ip());
      case PodCidr cidr -> remove(cidr.range());
    }
  }

  /** Removes a set with all its members. */
  public RuleSetEdit remove(SetId set) {
    keep(SetContent.nothing(set));
    return this;
  }

  /** Removes a chain. */
  public RuleSetEdit remove(ChainId chain) {
    chains = chains.minus(chain);
    touched.chains().add(chain);
    return this;
  }

  /** Removes an endpoint. */
  public RuleSetEdit remove(IpAddress endpoint) {
    endpoints = endpoints.minus(endpoint);
    touched.endpoints().add(endpoint);
    return this;
  }

  /** Removes a pod CIDR. */
  public RuleSetEdit remove(IpRange podCidr) {
    podCidrs = podCidrs.minus(podCidr);
    touched.podCidrs().add(podCidr);
    return this;
  }

  /** Returns whether there is the set, or a member of it. */
  boolean has(SetId set) {
    return sets.containsKey(set) || members.containsKey(set);
  }

  /** Returns the records after the change. */
  RecordMaps records() {
    members.forEach(
        (id, changed) ->
            keep(
                sets.getOrDefault(id, SetContent.nothing(id))
                    .with(changed.added(), changed.removed())));
    members.clear();
    return new RecordMaps(sets, chains, endpoints, podCidrs);
  }

  /** Returns the digest of {@link #records}, computed from the digest before the change. */
  Digest digest(Digest digestBefore) {
    var gone = new ArrayList<NodeRecord>();
    var come = new ArrayList<NodeRecord>();
    compare(touched.chains(), before.chains(), chains, gone, come);
    compare(touched.endpoints(), before.endpoints(), endpoints, gone, come);
    compare(touched.podCidrs(), before.podCidrs(), podCidrs, gone, come);
    var sum = gone.isEmpty() && come.isEmpty() ? digestBefore : digestBefore.changed(gone, come);
    for (var id : touched.sets()) {
      var old = before.sets().getOrDefault(id, SetContent.nothing(id));
      var set = sets.getOrDefault(id, SetContent.nothing(id));
      if (set != old) {
        sum = sum.changed(old.digest(), set.digest());
      }
    }
    return sum;
  }

  private static <K> void compare(
      Set<K> keys,
      Map<K, ? extends NodeRecord> before,
      Map<K, ? extends NodeRecord> after,
      List<NodeRecord> gone,
      List<NodeRecord> come) {
    for (var key : keys) {
      var old = before.get(key);
      var item = after.get(key);
      if (!Objects.equals(old, item)) {
        Optional.<NodeRecord>ofNullable(old).ifPresent(gone::add);
        Optional.<NodeRecord>ofNullable(item).ifPresent(come::add);
      }
    }
  }

  private Members members(SetId set) {
    return members.computeIfAbsent(set, _ -> new Members());
  }

  private void declare(SetId id, Optional<AddressSet> set) {
    keep(sets.getOrDefault(id, SetContent.nothing(id)).with(set));
  }

  private void keep(SetContent set) {
    sets = set.isNothing() ? sets.minus(set.id()) : sets.plus(set.id(), set);
    touched.sets().add(set.id());
  }
}
