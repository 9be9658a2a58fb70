package io.portcullis.ruleset;

import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Everything that one node's kernel must hold. It never changes; the one after a change shares with
 * it all that the change left alone, and costs what the change is.
 */
public final class RuleSet {
  public static final RuleSet EMPTY = of(List.of());

  private final PMap<SetId, SetContent> sets;
  private final PMap<ChainId, Chain> chains;
  private final PMap<IpAddress, Endpoint> endpoints;
  private final PMap<IpRange, PodCidr> podCidrs;
  private volatile Digest digest;

  private RuleSet(
      PMap<SetId, SetContent> sets,
      PMap<ChainId, Chain> chains,
      PMap<IpAddress, Endpoint> endpoints,
      PMap<IpRange, PodCidr> podCidrs) {
    this.sets = sets;
    this.chains = chains;
    this.endpoints = endpoints;
    this.podCidrs = podCidrs;
  }

  /** The records; of those with the same key the last one. */
  public static RuleSet of(Collection<? extends NodeRecord> records) {
    return of(records, List.of());
  }

  /**
   * The records together with sets that other rule sets may have too.
   *
   * @throws IllegalArgumentException when a set is among the records as well
   */
  public static RuleSet of(
      Collection<? extends NodeRecord> records, Collection<SetContent> shared) {
    var edit =
        new Edit(
            new RuleSet(
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty()));
    records.forEach(edit::put);
    for (var set : shared) {
      if (edit.members.containsKey(set.id()) || edit.sets.containsKey(set.id())) {
        throw new IllegalArgumentException("the set is there twice: " + set.id());
      }
      edit.put(set);
    }
    return edit.done();
  }

  /** The rule set after that change. */
  public RuleSet with(RuleSetChange change) {
    var edit = edit();
    change.removals().values().forEach(edit::remove);
    change.puts().values().forEach(edit::put);
    return edit.done();
  }

  /**
   * The rule set with these sets too.
   *
   * @param wide none of them may be there
   * @throws IllegalArgumentException when one is
   */
  public RuleSet with(Collection<SetContent> wide) {
    var edit = edit();
    for (var set : wide) {
      if (sets.containsKey(set.id())) {
        throw new IllegalArgumentException("the set is there twice: " + set.id());
      }
      edit.put(set);
    }
    return edit.done();
  }

  /** Begins the next one. */
  public Edit edit() {
    return new Edit(this);
  }

  /** The next rule set as it comes to be; what it costs is what is put and removed. */
  public static final class Edit {
    private final RuleSet before;
    private PMap<SetId, SetContent> sets;
    private PMap<ChainId, Chain> chains;
    private PMap<IpAddress, Endpoint> endpoints;
    private PMap<IpRange, PodCidr> podCidrs;
    private final Map<SetId, Members> members = new HashMap<>();

    /** What the digest has to be told of. */
    private final Set<SetId> touchedSets = new HashSet<>();

    private final Set<ChainId> touchedChains = new HashSet<>();
    private final Set<IpAddress> touchedEndpoints = new HashSet<>();
    private final Set<IpRange> touchedPodCidrs = new HashSet<>();

    /** Members of one set that come and go: they are many. */
    private record Members(List<Element> added, List<Element> removed) {}

    private Edit(RuleSet before) {
      this.before = before;
      this.sets = before.sets;
      this.chains = before.chains;
      this.endpoints = before.endpoints;
      this.podCidrs = before.podCidrs;
    }

    /** Puts a record in place of the one with its key. */
    public Edit put(NodeRecord item) {
      switch (item) {
        case AddressSet set -> declare(set.id(), Optional.of(set));
        case Member(var set, var element) -> of(set).added().add(element);
        case Chain chain -> {
          chains = chains.plus(chain.id(), chain);
          touchedChains.add(chain.id());
        }
        case Endpoint endpoint -> {
          endpoints = endpoints.plus(endpoint.ip(), endpoint);
          touchedEndpoints.add(endpoint.ip());
        }
        case PodCidr cidr -> {
          podCidrs = podCidrs.plus(cidr.range(), cidr);
          touchedPodCidrs.add(cidr.range());
        }
      }
      return this;
    }

    /** Puts a set with all its members in place of the one with its id. */
    public Edit put(SetContent set) {
      keep(set);
      return this;
    }

    void remove(NodeRecord item) {
      switch (item) {
        case AddressSet set -> declare(set.id(), Optional.empty());
        case Member(var set, var element) -> of(set).removed().add(element);
        case Chain chain -> remove(chain.id());
        case Endpoint endpoint -> remove(endpoint.ip());
        case PodCidr cidr -> remove(cidr.range());
      }
    }

    /** Removes a set with all its members. */
    public Edit remove(SetId set) {
      keep(SetContent.nothing(set));
      return this;
    }

    public Edit remove(ChainId chain) {
      chains = chains.minus(chain);
      touchedChains.add(chain);
      return this;
    }

    /** Removes an endpoint. */
    public Edit remove(IpAddress endpoint) {
      endpoints = endpoints.minus(endpoint);
      touchedEndpoints.add(endpoint);
      return this;
    }

    /** Removes a pod CIDR. */
    public Edit remove(IpRange podCidr) {
      podCidrs = podCidrs.minus(podCidr);
      touchedPodCidrs.add(podCidr);
      return this;
    }

    private Members of(SetId set) {
      return members.computeIfAbsent(set, _ -> new Members(new ArrayList<>(), new ArrayList<>()));
    }

    private void declare(SetId id, Optional<AddressSet> set) {
      keep(sets.getOrDefault(id, SetContent.nothing(id)).with(set));
    }

    private void keep(SetContent set) {
      sets = set.isNothing() ? sets.minus(set.id()) : sets.plus(set.id(), set);
      touchedSets.add(set.id());
    }

    public RuleSet done() {
      members.forEach(
          (id, changed) ->
              keep(
                  sets.getOrDefault(id, SetContent.nothing(id))
                      .with(changed.added(), changed.removed())));
      var after = new RuleSet(sets, chains, endpoints, podCidrs);
      if (before.digest != null) {
        after.digest = digest(before.digest);
      }
      return after;
    }

    private Digest digest(Digest held) {
      var gone = new ArrayList<NodeRecord>();
      var come = new ArrayList<NodeRecord>();
      compare(touchedChains, before.chains, chains, gone, come);
      compare(touchedEndpoints, before.endpoints, endpoints, gone, come);
      compare(touchedPodCidrs, before.podCidrs, podCidrs, gone, come);
      var sum = gone.isEmpty() && come.isEmpty() ? held : held.changed(gone, come);
      for (var id : touchedSets) {
        var old = before.sets.getOrDefault(id, SetContent.nothing(id));
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
  }

  /** The same where every set should be here. */
  public List<String> dangling() {
    return dangling(Set.of());
  }

  /**
   * Whether every reference leads to something: members to sets, rules to sets and chains,
   * endpoints to chains.
   *
   * @param elsewhere sets that are not here
   * @return what is missing, empty when the rule set is whole
   */
  public List<String> dangling(Set<SetId> elsewhere) {
    var missing = new ArrayList<String>();
    for (var set : sets.values()) {
      if (set.declared().isEmpty()) {
        missing.add("members of a set that is not there: set/" + set.id());
      }
    }
    for (var chain : chains.values()) {
      for (var rule : chain.rules()) {
        rule.peers()
            .filter(set -> !has(set) && !elsewhere.contains(set))
            .ifPresent(set -> missing.add(dangles(chain, set)));
        requireNext(rule.action(), chain, missing);
      }
      requireNext(chain.end(), chain, missing);
    }
    for (var endpoint : endpoints.values()) {
      for (var way : TrafficPath.values()) {
        endpoint.chain(way).ifPresent(id -> require(id, endpoint, missing));
      }
    }
    return missing;
  }

  private boolean has(SetId set) {
    return set(set).flatMap(SetContent::declared).isPresent();
  }

  private static String dangles(NodeRecord by, SetId set) {
    return by.key() + " refers to set/" + set;
  }

  private void requireNext(Action action, NodeRecord by, List<String> missing) {
    switch (action) {
      case Action.Accept _, Action.Deny _ -> {}
      case Action.Continue(var chain) -> require(chain, by, missing);
    }
  }

  private void require(ChainId chain, NodeRecord by, List<String> missing) {
    if (!chains.containsKey(chain)) {
      missing.add(by.key() + " refers to chain/" + chain);
    }
  }

  /** The chains by id, but each after those of them that it refers to. */
  public static List<Chain> inOrderOfReference(Collection<Chain> chains) {
    var left = new TreeMap<ChainId, Chain>();
    chains.forEach(chain -> left.put(chain.id(), chain));
    var ordered = new ArrayList<Chain>();
    while (!left.isEmpty()) {
      moveAfterItsTargets(left.firstKey(), left, ordered);
    }
    return ordered;
  }

  private static void moveAfterItsTargets(
      ChainId id, Map<ChainId, Chain> left, List<Chain> ordered) {
    var chain = left.remove(id);
    if (chain == null) {
      return;
    }
    chain.rules().forEach(rule -> moveTarget(rule.action(), left, ordered));
    moveTarget(chain.end(), left, ordered);
    ordered.add(chain);
  }

  private static void moveTarget(Action action, Map<ChainId, Chain> left, List<Chain> ordered) {
    if (action instanceof Action.Continue(var next)) {
      moveAfterItsTargets(next, left, ordered);
    }
  }

  /** By key, in order; made anew at each call. */
  public SortedMap<String, NodeRecord> records() {
    var records = new TreeMap<String, NodeRecord>();
    forEach(item -> records.put(item.key(), item));
    return records;
  }

  private void forEach(Consumer<NodeRecord> use) {
    sets.values().forEach(set -> set.forEachRecord(use));
    chains.values().forEach(use);
    endpoints.values().forEach(use);
    podCidrs.values().forEach(use);
  }

  /** How many records it has. */
  public int size() {
    return sets.values().stream().mapToInt(SetContent::size).sum()
        + chains.size()
        + endpoints.size()
        + podCidrs.size();
  }

  /** The record with that key, if there is one. */
  public Optional<NodeRecord> record(String key) {
    return NodeRecords.parseKey(key).flatMap(this::record);
  }

  private Optional<NodeRecord> record(NodeRecords.Key key) {
    return switch (key) {
      case NodeRecords.Key.OfSet(var id) -> set(id).flatMap(SetContent::declared).map(s -> s);
      case NodeRecords.Key.OfMember(var id, var element) ->
          members(id).contains(element) ? Optional.of(new Member(id, element)) : Optional.empty();
      case NodeRecords.Key.OfChain(var id) -> chain(id).map(c -> c);
      case NodeRecords.Key.OfEndpoint(var ip) -> endpoint(ip).map(e -> e);
      case NodeRecords.Key.OfPodCidr(var range) -> Optional.ofNullable(podCidrs.get(range));
    };
  }

  /** In no order. */
  public Collection<SetContent> sets() {
    return sets.values();
  }

  public Optional<SetContent> set(SetId id) {
    return Optional.ofNullable(sets.get(id));
  }

  /** In no order. */
  public Set<Element> members(SetId id) {
    return set(id).map(SetContent::elements).orElse(Set.of());
  }

  /** In no order. */
  public Collection<Chain> chains() {
    return chains.values();
  }

  public Optional<Chain> chain(ChainId id) {
    return Optional.ofNullable(chains.get(id));
  }

  Map<ChainId, Chain> chainsById() {
    return chains;
  }

  /** In no order. */
  public Collection<Endpoint> endpoints() {
    return endpoints.values();
  }

  public Optional<Endpoint> endpoint(IpAddress ip) {
    return Optional.ofNullable(endpoints.get(ip));
  }

  Map<IpAddress, Endpoint> endpointsByIp() {
    return endpoints;
  }

  /** In no order (C1). */
  public Collection<PodCidr> podCidrs() {
    return podCidrs.values();
  }

  Map<IpRange, PodCidr> podCidrsByRange() {
    return podCidrs;
  }

  /** The digest over the enforceable part of all records, computed once. */
  public Digest digest() {
    if (digest == null) {
      var sum =
          Digest.of(
              use -> {
                chains.values().forEach(use);
                endpoints.values().forEach(use);
                podCidrs.values().forEach(use);
              });
      digest = // twice at worst, to the same value
          sum.plus(sets.values().stream().map(SetContent::digest).toList());
    }
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RuleSet that
        && sets.equals(that.sets)
        && chains.equals(that.chains)
        && endpoints.equals(that.endpoints)
        && podCidrs.equals(that.podCidrs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(sets, chains, endpoints, podCidrs);
  }

  @Override
  public String toString() {
    return String.join("\n", records().keySet());
  }
}
