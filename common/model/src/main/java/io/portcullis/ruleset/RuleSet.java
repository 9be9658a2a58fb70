package io.portcullis.ruleset;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.NodeRecord.PodCidr;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that one node's kernel must hold. A rule set never changes. The one after a change
 * shares with it all that the change left alone, and costs what the change is.
 */
public final class RuleSet {
  public static final RuleSet EMPTY = of(List.of());

  private final RecordMaps records;
  private volatile Digest digest;

  private RuleSet(RecordMaps records, Optional<Digest> digest) {
    this.records = records;
    this.digest = digest.orElse(null);
  }

  /** Returns the rule set of these records; of those with the same key the last one counts. */
  public static RuleSet of(Collection<? extends NodeRecord> records) {
    return of(records, List.of());
  }

  /**
   * Returns the rule set of these records and of sets that other rule sets may share.
   *
   * @throws IllegalArgumentException when a set is among the records as well
   */
  public static RuleSet of(
      Collection<? extends NodeRecord> records, Collection<SetContent> shared) {
    var edit = new RuleSetEdit(RecordMaps.EMPTY);
    records.forEach(edit::put);
    for (var set : shared) {
      if (edit.has(set.id())) {
        throw isThereTwice(set.id());
      }
      edit.put(set);
    }
    return new RuleSet(edit.records(), Optional.empty());
  }

  /** Returns the next rule set, once all changes are made; {@code edit} began with this one. */
  public RuleSet with(RuleSetEdit edit) {
    var after = edit.records();
    return new RuleSet(after, Optional.ofNullable(digest).map(edit::digest));
  }

  /**
   * Returns the rule set with these sets added.
   *
   * @throws IllegalArgumentException when it has one of them already
   */
  public RuleSet with(Collection<SetContent> wide) {
    var edit = edit();
    for (var set : wide) {
      if (records.sets().containsKey(set.id())) {
        throw isThereTwice(set.id());
      }
      edit.put(set);
    }
    return with(edit);
  }

  private static IllegalArgumentException isThereTwice(SetId set) {
    return new IllegalArgumentException("the set is there twice: " + set);
  }

  /** Begins a change of this rule set. */
  public RuleSetEdit edit() {
    return new RuleSetEdit(records);
  }

  /** Returns the records by key, in order; each call makes the map anew. */
  public SortedMap<String, NodeRecord> records() {
    var byKey = new TreeMap<String, NodeRecord>();
    records.forEach(item -> byKey.put(item.key(), item));
    return byKey;
  }

  RecordMaps maps() {
    return records;
  }

  /** Returns the number of records. */
  public int size() {
    return records.size();
  }

  /** Returns the record with that key, if there is one. */
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
      case NodeRecords.Key.OfPodCidr(var range) ->
          Optional.ofNullable(records.podCidrs().get(range));
    };
  }

  /** Returns the sets, in no order. */
  public Collection<SetContent> sets() {
    return records.sets().values();
  }

  public Optional<SetContent> set(SetId id) {
    return Optional.ofNullable(records.sets().get(id));
  }

  /** Returns the members of a set, in no order; none where there is no such set. */
  public Set<Element> members(SetId id) {
    return set(id).map(SetContent::elements).orElse(Set.of());
  }

  /** Returns the chains, in no order. */
  public Collection<Chain> chains() {
    return records.chains().values();
  }

  public Optional<Chain> chain(ChainId id) {
    return Optional.ofNullable(records.chains().get(id));
  }

  /** Returns the endpoints, in no order. */
  public Collection<Endpoint> endpoints() {
    return records.endpoints().values();
  }

  public Optional<Endpoint> endpoint(IpAddress ip) {
    return Optional.ofNullable(records.endpoints().get(ip));
  }

  /** Returns the pod CIDRs, in no order (C1). */
  public Collection<PodCidr> podCidrs() {
    return records.podCidrs().values();
  }

  /** Returns the digest over the enforceable part of all records; it is computed once. */
  public Digest digest() {
    if (digest == null) {
      digest = records.digest(); // twice at worst, to the same value
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
    return String.join("\n", records().keySet());
  }
}
