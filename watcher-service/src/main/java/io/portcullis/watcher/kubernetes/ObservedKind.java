package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.KnownKind.State;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.kubernetes.Discovered.Definition;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one kind, and the informer that reads it.
 *
 * <pre>
 *             ┌──refused for 3 s──▶ unreadable ──┐
 *   served ◀──┼─────── read again ───────────────┤
 *     ▲       └──not in a version that we know─▶ unserved, or missing ──surely gone──▶ removed
 *     └────────────────────── shown and listed ◀──────────────────────────────────────────┘
 * </pre>
 *
 * <p>A version that the server refuses is left for another one that it serves, and is tried again
 * when that one is refused, too: all versions show the same objects. While the kind is unreadable,
 * unserved or missing, its objects stay as they were. They go when it is removed. A server's
 * discovery is not believed against an informer that works: of several servers behind one address,
 * some may be behind.
 */
final class ObservedKind {
  private static final Logger LOG = LoggerFactory.getLogger(ObservedKind.class);

  /**
   * A kind is gone when its definition is, in all looks over this time: a server deletes objects
   * together with their definition.
   */
  private static final Duration SURELY_GONE = Duration.ofSeconds(60);

  /**
   * A better version is taken, and a worse one left, after so long; servers are updated in turn.
   */
  private static final Duration SURELY_CHANGED = Duration.ofSeconds(20);

  /** A version that was refused is tried again after so long, if no other can be read. */
  private static final Duration TRIED_AGAIN = Duration.ofSeconds(60);

  private final InformerContext context;
  private final Kind kind;
  private final boolean isForgettable;
  private Optional<KindInformer> informer = Optional.empty();
  private Optional<Discovered> discovered = Optional.empty();
  private Optional<Trouble> trouble = Optional.empty();
  private Optional<Trouble> refused = Optional.empty();
  private Optional<Definition> definition = Optional.empty();

  // since when it is so, by the monotonic clock
  private final Map<String, Long> refusedVersions = new HashMap<>();
  private Optional<Long> missing = Optional.empty();
  private Optional<Long> gone = Optional.empty();
  private Optional<Long> otherVersion = Optional.empty();

  private boolean isSurelyGone;
  private long requiredRound;
  private long listedRound = -1;
  private KnownKind known;

  /**
   * Makes a kind that nothing is known of.
   *
   * @param isForgettable whether the operator gives its objects up if no known version is served
   */
  ObservedKind(InformerContext context, Kind kind, boolean isForgettable) {
    this.context = context;
    this.kind = kind;
    this.isForgettable = isForgettable;
    this.known = new KnownKind(State.MISSING, "", List.of(), "not asked for yet", 0);
  }

  /** Takes what the server says of the kind. */
  void discovered(Discovered answer, long round, long nowNanos) throws InterruptedException {
    discovered = Optional.of(answer);
    switch (answer) {
      case Discovered.Served(var apiVersions) -> {
        refused = Optional.empty();
        forgetAbsence();
        read(apiVersions, round, nowNanos);
      }
      case Discovered.Refused(var reason) -> {
        forgetAbsence();
        refused = Optional.of(Trouble.since(refused, reason, nowNanos));
      }
      case Discovered.Missing(_, var look) -> {
        refused = Optional.empty();
        missing = missing.or(() -> Optional.of(nowNanos));
        look.ifPresent(found -> defined(found, nowNanos));
      }
      case Discovered.Superseded() -> missing = missing.or(() -> Optional.of(nowNanos));
    }
  }

  private void forgetAbsence() {
    missing = Optional.empty();
    definition = Optional.empty();
    doubtGone();
  }

  private void defined(Definition found, long nowNanos) {
    definition = Optional.of(found);
    switch (found) {
      case Definition.Gone() -> {
        gone = gone.or(() -> Optional.of(nowNanos));
        isSurelyGone = isSurelyGone || isOlder(gone, SURELY_GONE, nowNanos);
      }
      case Definition.There _, Definition.Refused _ -> doubtGone();
    }
  }

  /** Takes that the server is not as it should be: that it lacks something now proves nothing. */
  void silent() {
    if (!isSurelyGone) {
      doubtGone();
    }
  }

  private void doubtGone() {
    gone = Optional.empty();
    isSurelyGone = false;
  }

  private void read(List<String> apiVersions, long round, long nowNanos)
      throws InterruptedException {
    var present = informer.map(KindInformer::apiVersion);
    refusedVersions.keySet().retainAll(apiVersions);
    if (trouble.filter(t -> t.isLasting(nowNanos)).isPresent()) {
      present
          .filter(apiVersions::contains)
          .ifPresent(v -> refusedVersions.putIfAbsent(v, nowNanos));
    }
    var best = best(apiVersions, nowNanos).or(() -> present).orElseGet(apiVersions::getFirst);
    if (present.equals(Optional.of(best))) {
      otherVersion = Optional.empty();
      return;
    }
    otherVersion = otherVersion.or(() -> Optional.of(nowNanos));
    var isReadable =
        present.filter(v -> apiVersions.contains(v) && !refusedVersions.containsKey(v)).isPresent();
    var isLeft = trouble.isPresent() && !isReadable;
    if (present.isEmpty() || isLeft || isOlder(otherVersion, SURELY_CHANGED, nowNanos)) {
      var objects = informer.isPresent() ? informer.get().end() : Set.<ObjectKey>of();
      trouble
          .filter(_ -> isLeft)
          .ifPresent(t -> LOG.warn("{}; another version is tried", t.reason()));
      LOG.info("{} are read in {}", kind.resource(), best);
      refusedVersions.remove(best);
      informer = Optional.of(new KindInformer(context, kind, best, round, objects));
      requiredRound = round;
      otherVersion = Optional.empty();
      trouble = Optional.empty();
    }
  }

  /** Returns the first version that is not refused, or else the one that was refused first. */
  private Optional<String> best(List<String> apiVersions, long nowNanos) {
    return apiVersions.stream()
        .filter(v -> !refusedVersions.containsKey(v))
        .findFirst()
        .or(
            () ->
                apiVersions.stream()
                    .filter(
                        v -> isOlder(Optional.of(refusedVersions.get(v)), TRIED_AGAIN, nowNanos))
                    .min(Comparator.comparing(refusedVersions::get)));
  }

  /** Tells whether the kind is read. What is still queued of another kind means nothing. */
  boolean isRead() {
    return informer.isPresent();
  }

  /** Takes that the kind was listed in a round. */
  void listed(long round) {
    listedRound = round;
  }

  /** Takes that the kind can be read. */
  void working() {
    trouble = Optional.empty();
    informer.ifPresent(reader -> refusedVersions.remove(reader.apiVersion()));
  }

  /** Takes that the kind cannot be read. */
  void failing(String reason, long nowNanos) {
    trouble = Optional.of(Trouble.since(trouble, reason, nowNanos));
  }

  /** Takes that the server answers again, so that what it refuses counts from now on. */
  void answersAgain(long nowNanos) {
    trouble = trouble.map(t -> new Trouble(t.reason(), nowNanos));
    refused = refused.map(t -> new Trouble(t.reason(), nowNanos));
  }

  /** Lists the kind again. */
  void lookAgain(long round) {
    requiredRound = round;
    informer.ifPresent(reader -> reader.lookAgain(round));
  }

  /** Tells whether it is known whether the kind can be read. */
  boolean isSettled() {
    return isListed()
        || (discovered.isPresent()
            && switch (known.state()) {
              case UNREADABLE, UNSERVED, REMOVED -> true;
              case MISSING -> discovered.get() instanceof Discovered.Missing;
              case SERVED -> false;
            });
  }

  /** Tells whether all objects were listed since the last time that this was asked for. */
  boolean isListed() {
    return informer.isPresent() && listedRound >= requiredRound;
  }

  /** Returns why the kind cannot be read, if that is more than a moment's trouble. */
  Optional<Trouble> trouble(long nowNanos) {
    return (informer.isPresent() ? trouble : refused).filter(t -> t.isLasting(nowNanos));
  }

  /** Returns what is known of the kind. */
  KnownKind known() {
    return known;
  }

  /**
   * Concludes what is known of the kind now.
   *
   * @return the objects that are gone with it
   */
  Set<ObjectKey> conclude(long nowNanos) throws InterruptedException {
    known = conclusion(nowNanos).after(known);
    if (known.state() != State.REMOVED || informer.isEmpty()) {
      return Set.of();
    }
    var objects = informer.get().end();
    informer = Optional.empty();
    trouble = Optional.empty();
    return objects;
  }

  private KnownKind conclusion(long nowNanos) {
    if (discovered.isEmpty()) {
      return known;
    }
    var isWorking = informer.isPresent() && trouble.isEmpty();
    if (isWorking && !isSuperseded(nowNanos)) {
      return isListed() ? known(State.SERVED, List.of(), "") : known;
    }
    var lasting = trouble(nowNanos);
    if (informer.isPresent() && lasting.isEmpty() && !isSuperseded(nowNanos)) {
      return known;
    }
    return switch (discovered.get()) {
      case Discovered.Served _, Discovered.Refused _ -> unreadable(lasting);
      case Discovered.Missing(var others, _) -> missing(others, nowNanos);
      case Discovered.Superseded() ->
          isSuperseded(nowNanos)
              ? known(State.REMOVED, List.of(), "its API has a successor")
              : known;
    };
  }

  private KnownKind unreadable(Optional<Trouble> why) {
    return why.map(t -> known(State.UNREADABLE, List.of(), t.reason())).orElse(known);
  }

  private boolean isSuperseded(long nowNanos) {
    return discovered.equals(Optional.of(new Discovered.Superseded()))
        && (informer.isEmpty() || isOlder(missing, SURELY_CHANGED, nowNanos));
  }

  private KnownKind missing(List<String> others, long nowNanos) {
    if (isSurelyGone) {
      return known(State.REMOVED, List.of(), "its definition is gone");
    }
    if (isForgettable && isOlder(missing, SURELY_GONE, nowNanos)) {
      return known(State.REMOVED, others, "PORTCULLIS_FORGET_KINDS names it");
    }
    if (!others.isEmpty()) {
      return known(State.UNSERVED, others, "the API server has it only in " + text(others));
    }
    if (definition.isEmpty()) {
      return known(State.MISSING, others, "the API server does not show it");
    }
    return switch (definition.get()) {
      case Definition.Gone() ->
          known(State.MISSING, others, "its definition is gone; its objects go after a minute");
      case Definition.Refused(var reason) ->
          known(State.MISSING, others, "its definition cannot be read: " + reason);
      case Definition.There(var served) when served.stream().anyMatch(this::isKnownVersion) ->
          known(
              State.MISSING,
              others,
              "the API server does not show it, though its definition serves " + text(served));
      case Definition.There(var served) ->
          known(State.UNSERVED, served, "its definition serves " + text(served));
    };
  }

  private boolean isKnownVersion(String apiVersion) {
    return kind.apiVersions().contains(apiVersion);
  }

  private static String text(List<String> versions) {
    return versions.isEmpty() ? "no version" : String.join(", ", versions);
  }

  private KnownKind known(State state, List<String> others, String reason) {
    var apiVersion = informer.map(KindInformer::apiVersion).orElse(known.apiVersion());
    return new KnownKind(state, apiVersion, others, reason, context.clockMicros().getAsLong());
  }

  private static boolean isOlder(Optional<Long> since, Duration age, long nowNanos) {
    return since.filter(began -> nowNanos - began >= age.toNanos()).isPresent();
  }

  void close() {
    informer.ifPresent(KindInformer::close);
  }
}
