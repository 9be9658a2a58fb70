package io.portcullis.ruleset;

import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Member;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * An address set with its members. Rule sets share it, and with it what it took to compute; one
 * with another member shares all but that member.
 */
public final class SetContent {
  private final SetId id;
  private final Optional<AddressSet> declared;
  private final PSet<Element> elements;
  private volatile Digest digest;

  private SetContent(SetId id, Optional<AddressSet> declared, PSet<Element> elements) {
    this.id = id;
    this.declared = declared;
    this.elements = elements;
  }

  public static SetContent of(AddressSet set, Collection<? extends Element> members) {
    return new SetContent(set.id(), Optional.of(set), HashTreePSet.from(members));
  }

  static SetContent nothing(SetId id) {
    return new SetContent(id, Optional.empty(), HashTreePSet.empty());
  }

  public SetId id() {
    return id;
  }

  /** The set's own record; absent where a rule set has members of a set that it has not. */
  Optional<AddressSet> declared() {
    return declared;
  }

  /** What its members have in common, for readers. */
  public String definition() {
    return declared.map(AddressSet::definition).orElse("");
  }

  /** In no order. */
  public Set<Element> elements() {
    return elements;
  }

  boolean isNothing() {
    return declared.isEmpty() && elements.isEmpty();
  }

  int size() {
    return elements.size() + (declared.isPresent() ? 1 : 0);
  }

  SetContent with(Optional<AddressSet> set) {
    var after = new SetContent(id, set, elements);
    if (digest != null) {
      after.digest = digest.changed(records(declared), records(set));
    }
    return after;
  }

  SetContent with(Collection<Element> added, Collection<Element> removed) {
    var gone = new HashSet<>(removed);
    gone.retainAll(elements);
    gone.removeAll(added);
    var come = new HashSet<>(added);
    come.removeIf(elements::contains);
    var after = new SetContent(id, declared, elements.minusAll(gone).plusAll(come));
    if (digest != null) {
      after.digest = digest.changed(members(gone), members(come));
    }
    return after;
  }

  private static List<NodeRecord> records(Optional<AddressSet> set) {
    return set.<List<NodeRecord>>map(List::of).orElse(List.of());
  }

  private List<NodeRecord> members(Collection<Element> some) {
    return some.stream().<NodeRecord>map(element -> new Member(id, element)).toList();
  }

  void forEachRecord(Consumer<NodeRecord> use) {
    declared.ifPresent(use);
    elements.forEach(element -> use.accept(new Member(id, element)));
  }

  /** The digest over its records alone, computed once. */
  public Digest digest() {
    if (digest == null) {
      digest = Digest.of(this::forEachRecord); // twice at worst, to the same value
    }
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof SetContent that
            && id.equals(that.id)
            && declared.equals(that.declared)
            && elements.equals(that.elements);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id + " " + elements;
  }
}
