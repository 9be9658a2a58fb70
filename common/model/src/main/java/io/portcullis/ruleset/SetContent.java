package io.portcullis.ruleset;

import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * An address set with its members. It never changes. Rule sets share it together with its digest,
 * and the content after a change shares all members that stay.
 */
public final class SetContent {
  private static final int STEPS_KNOWN = 16;

  private final SetId id;
  private final Optional<AddressSet> declared;
  private final PSet<Element> elements;

  /** Stands for these elements in the steps of later contents, which do not keep them alive. */
  private final Object identity = new Object();

  /** The last changes that led to this content, the newest first. */
  private final List<Step> steps;

  private volatile Digest digest;

  /** Exactly the elements that are added and removed from one content to another. */
  record Difference(Collection<Element> added, Collection<Element> removed) {}

  private record Step(Object from, Difference difference) {}

  private SetContent(
      SetId id, Optional<AddressSet> declared, PSet<Element> elements, List<Step> steps) {
    this.id = id;
    this.declared = declared;
    this.elements = elements;
    this.steps = steps;
  }

  /** Returns the content of a set with these members. */
  public static SetContent of(AddressSet set, Collection<? extends Element> members) {
    return new SetContent(set.id(), Optional.of(set), HashTreePSet.from(members), List.of());
  }

  static SetContent nothing(SetId id) {
    return new SetContent(id, Optional.empty(), HashTreePSet.empty(), List.of());
  }

  public SetId id() {
    return id;
  }

  /** Returns the set's own record; absent where a rule set has only members of the set. */
  Optional<AddressSet> declared() {
    return declared;
  }

  /** Returns what the members have in common, for people to read. */
  public String definition() {
    return declared.map(AddressSet::definition).orElse("");
  }

  /** Returns the members, in no order. */
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
    var after = new SetContent(id, set, elements, List.of());
    if (set.isPresent() == declared.isPresent()) {
      after.digest = digest; // the definition is no part of it
    }
    return after;
  }

  /** Returns the content without some elements and then with others. */
  public SetContent with(Collection<Element> added, Collection<Element> removed) {
    var staying = removed.isEmpty() ? Set.<Element>of() : new HashSet<>(added);
    var come = added.stream().filter(element -> !elements.contains(element)).distinct().toList();
    var gone =
        removed.stream()
            .filter(element -> elements.contains(element) && !staying.contains(element))
            .distinct()
            .toList();
    if (come.isEmpty() && gone.isEmpty()) {
      return this;
    }
    var known = new ArrayList<>(List.of(new Step(identity, new Difference(come, gone))));
    known.addAll(steps.subList(0, Math.min(steps.size(), STEPS_KNOWN - 1)));
    var after =
        new SetContent(id, declared, elements.minusAll(gone).plusAll(come), List.copyOf(known));
    if (digest != null) {
      after.digest = digest.changed(members(gone), members(come));
    }
    return after;
  }

  private List<NodeRecord> members(Collection<Element> of) {
    return of.stream().<NodeRecord>map(element -> new Member(id, element)).toList();
  }

  /**
   * Returns the difference from another content to this one: from the steps between them where
   * these are known, else by comparing all elements.
   */
  Difference since(SetContent before) {
    var come = new HashSet<Element>();
    var gone = new HashSet<Element>();
    for (var step : steps) { // back in time: what is known already happened later
      step.difference().added().stream().filter(e -> !gone.remove(e)).forEach(come::add);
      step.difference().removed().stream().filter(e -> !come.remove(e)).forEach(gone::add);
      if (step.from() == before.identity) {
        return new Difference(come, gone);
      }
    }
    return new Difference(
        elements.stream().filter(element -> !before.elements.contains(element)).toList(),
        before.elements.stream().filter(element -> !elements.contains(element)).toList());
  }

  void forEachRecord(Consumer<NodeRecord> use) {
    declared.ifPresent(use);
    elements.forEach(element -> use.accept(new Member(id, element)));
  }

  /** Returns the digest over the records of this set alone; it is computed once. */
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
