package io.portcullis.ruleset;

import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that one node's kernel must hold, as the records of its topic by key. */
public final class RuleSet {
  public static final RuleSet EMPTY = of(List.of());

  private final SortedMap<String, NodeRecord> records;
  private final Collection<NodeRecord> own;
  private final Collection<Part> parts;
  private final Map<SetId, List<Element>> members = new HashMap<>();
  private final Map<ChainId, NodeRecord.Chain> chains = new HashMap<>();
  private final Map<IpAddress, NodeRecord.Endpoint> endpoints = new HashMap<>();

  private RuleSet(
      SortedMap<String, NodeRecord> records, Collection<NodeRecord> own, Collection<Part> parts) {
    this.records = Collections.unmodifiableSortedMap(records);
    this.own = own;
    this.parts = List.copyOf(parts);
    for (var item : records.values()) {
      switch (item) {
        case NodeRecord.AddressSet set -> members.computeIfAbsent(set.id(), _ -> new ArrayList<>());
        case NodeRecord.Member member ->
            members.computeIfAbsent(member.set(), _ -> new ArrayList<>()).add(member.element());
        case NodeRecord.Chain chain -> chains.put(chain.id(), chain);
        case NodeRecord.Endpoint endpoint -> endpoints.put(endpoint.ip(), endpoint);
      }
    }
  }

  public static RuleSet of(Collection<? extends NodeRecord> records) {
    return of(records, List.of());
  }

  /**
   * The records together with parts that other rule sets may have too.
   *
   * @throws IllegalArgumentException when two of them have the same key
   */
  public static RuleSet of(Collection<? extends NodeRecord> records, Collection<Part> parts) {
    var byKey = new TreeMap<String, NodeRecord>();
    records.forEach(item -> byKey.put(item.key(), item));
    var own = List.copyOf(byKey.values());
    var size = own.size();
    for (var part : parts) {
      byKey.putAll(part.records());
      size += part.records().size();
    }
    if (byKey.size() != size) {
      throw new IllegalArgumentException("parts of a rule set overlap");
    }
    return new RuleSet(byKey, own, parts);
  }

  /**
   * Whether every reference leads to something: members to sets, rules to sets and chains,
   * endpoints to chains.
   *
   * @return what is missing, empty when the rule set is whole
   */
  public List<String> dangling() {
    var missing = new ArrayList<String>();
    for (var item : records.values()) {
      switch (item) {
        case NodeRecord.AddressSet _ -> {}
        case NodeRecord.Member member -> require("set/" + member.set(), item, missing);
        case NodeRecord.Chain chain -> {
          for (var rule : chain.rules()) {
            rule.peers().ifPresent(set -> require("set/" + set, item, missing));
            requireNext(rule.action(), item, missing);
          }
          requireNext(chain.end(), item, missing);
        }
        case NodeRecord.Endpoint endpoint -> {
          for (var way : Way.values()) {
            endpoint.chain(way).ifPresent(id -> require("chain/" + id, item, missing));
          }
        }
      }
    }
    return missing;
  }

  private void requireNext(Action action, NodeRecord by, List<String> missing) {
    switch (action) {
      case Action.Accept _, Action.Deny _ -> {}
      case Action.Continue(var chain) -> require("chain/" + chain, by, missing);
    }
  }

  private void require(String key, NodeRecord by, List<String> missing) {
    if (!records.containsKey(key)) {
      missing.add(by.key() + " refers to " + key);
    }
  }

  /** By key, in order. */
  public SortedMap<String, NodeRecord> records() {
    return records;
  }

  public List<Element> members(SetId set) {
    return Collections.unmodifiableList(members.getOrDefault(set, List.of()));
  }

  public Optional<NodeRecord.Chain> chain(ChainId id) {
    return Optional.ofNullable(chains.get(id));
  }

  public Optional<NodeRecord.Endpoint> endpoint(IpAddress ip) {
    return Optional.ofNullable(endpoints.get(ip));
  }

  public Collection<NodeRecord.Endpoint> endpoints() {
    return Collections.unmodifiableCollection(endpoints.values());
  }

  /** The digest over the enforceable part of all records. */
  public Digest digest() {
    var digest = Digest.of(own);
    for (var part : parts) {
      digest = digest.plus(part.digest());
    }
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RuleSet that && records.equals(that.records);
  }

  @Override
  public int hashCode() {
    return records.hashCode();
  }

  @Override
  public String toString() {
    return String.join("\n", records.keySet());
  }
}
