package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.validation.Kind;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** All kinds that a policy may need, and what is known of each of them. */
final class ObservedKinds implements AutoCloseable {
  /** Without one of these nothing that is published would be right. */
  private static final Set<Kind> ESSENTIAL =
      EnumSet.of(Kind.POD, Kind.NAMESPACE, Kind.NODE, Kind.NETWORK_POLICY, Kind.LEGACY_POLICY);

  /** Kinds that a starting server does not show at once are waited for during so many answers. */
  private static final int SURE_AFTER = 3;

  private final Map<Kind, ObservedKind> kinds = new EnumMap<>(Kind.class);

  /** Counts the requests to look at everything again, and the informers that were replaced. */
  private long round;

  private Set<Kind> shown = Set.of();
  private int answers;

  /**
   * Makes kinds that nothing is known of.
   *
   * @param forgettable the kinds whose objects the operator gives up while no known version of them
   *     is served
   */
  ObservedKinds(InformerContext context, Set<Kind> forgettable) {
    for (var kind : Kind.values()) {
      kinds.put(kind, new ObservedKind(context, kind, forgettable.contains(kind)));
    }
  }

  /** Tells whether a kind is read. What is still queued of another kind means nothing. */
  boolean isRead(Kind kind) {
    return kinds.get(kind).isRead();
  }

  /** Returns one kind. */
  ObservedKind of(Kind kind) {
    return kinds.get(kind);
  }

  /** Takes what the server says of each kind. */
  void discovered(Map<Kind, Discovered> answer, long nowNanos) throws InterruptedException {
    shown = shown(answer);
    answers++;
    for (var kind : kinds.keySet()) {
      var ofKind = kind == Kind.LEGACY_POLICY ? ofLegacy(answer) : answer.get(kind);
      kinds.get(kind).discovered(ofKind, round + 1, nowNanos);
    }
    round++;
  }

  private static Set<Kind> shown(Map<Kind, Discovered> answer) {
    var shown = EnumSet.noneOf(Kind.class);
    answer.forEach(
        (kind, discovered) -> {
          if (discovered instanceof Discovered.Served) {
            shown.add(kind);
          }
        });
    return shown;
  }

  /** Returns whether policies of the old API are to be read (L7). */
  private Discovered ofLegacy(Map<Kind, Discovered> answer) {
    var successor = answer.get(Kind.NETWORK_POLICY);
    return switch (successor) {
      case Discovered.Refused _ -> successor;
      case Discovered.Served _ -> new Discovered.Superseded();
      case Discovered.Missing _, Discovered.Superseded _ ->
          isRead(Kind.NETWORK_POLICY)
              ? new Discovered.Superseded()
              : answer.get(Kind.LEGACY_POLICY);
    };
  }

  /** Takes that the server does not answer as it should. */
  void silent() {
    kinds.values().forEach(ObservedKind::silent);
  }

  /** Takes that the server answers again: what a kind still cannot do counts from now on. */
  void answersAgain(long nowNanos) {
    others().forEach(kind -> kind.answersAgain(nowNanos));
  }

  /**
   * Concludes what is known of each kind now.
   *
   * @return the objects of removed kinds, which are gone with them
   */
  Set<ObjectKey> conclude(long nowNanos) throws InterruptedException {
    var gone = new HashSet<ObjectKey>();
    for (var kind : kinds.values()) {
      gone.addAll(kind.conclude(nowNanos));
    }
    return gone;
  }

  /** Returns what is known of each kind that a server may lack. */
  Map<Kind, KnownKind> known() {
    var known = new EnumMap<Kind, KnownKind>(Kind.class);
    kinds.forEach(
        (kind, observed) -> {
          if (!kind.apiGroup().isEmpty()) {
            known.put(kind, observed.known());
          }
        });
    return known;
  }

  /** Tells whether each kind that can be read was listed. */
  boolean isWhole() {
    var isSure = shown.containsAll(Kind.tiered()) || answers >= SURE_AFTER;
    return isSure
        && essential().allMatch(ObservedKinds::isListedOrAbsent)
        && kinds.values().stream().allMatch(ObservedKind::isSettled);
  }

  private static boolean isListedOrAbsent(ObservedKind kind) {
    return kind.isListed()
        || (!kind.isRead() && kind.known().state() != KnownKind.State.UNREADABLE);
  }

  private Stream<ObservedKind> essential() {
    return ESSENTIAL.stream().map(kinds::get);
  }

  /** Returns why kinds cannot be read without which nothing can be published. */
  Stream<Trouble> troubles(long nowNanos) {
    return essential().flatMap(kind -> kind.trouble(nowNanos).stream());
  }

  /**
   * Lists each kind again.
   *
   * @return tells whether that is done; a kind that cannot be read is not waited for
   */
  BooleanSupplier lookAgain() {
    var asked = ++round;
    kinds.values().forEach(kind -> kind.lookAgain(asked));
    return () ->
        essential().filter(ObservedKind::isRead).allMatch(ObservedKind::isListed)
            && others().filter(ObservedKind::isRead).allMatch(ObservedKinds::isListedOrFrozen);
  }

  private Stream<ObservedKind> others() {
    return EnumSet.complementOf(EnumSet.copyOf(ESSENTIAL)).stream().map(kinds::get);
  }

  private static boolean isListedOrFrozen(ObservedKind kind) {
    return kind.isListed() || kind.known().isFrozen();
  }

  @Override
  public void close() {
    kinds.values().forEach(ObservedKind::close);
  }
}
