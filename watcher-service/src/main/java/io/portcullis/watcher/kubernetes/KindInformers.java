package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.validation.Kind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an informer for each kind that the server serves, and knows how each of them fares. */
final class KindInformers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KindInformers.class);

  /**
   * A kind is withdrawn when it was missing for so long: a starting server shows them by and by.
   */
  private static final Duration GONE_AFTER = Duration.ofSeconds(20);

  /** Missing kinds are believed to be missing after so many more answers that are the same. */
  private static final int SURE_AFTER = 2;

  private final InformerContext context;
  private final Map<Kind, State> kinds = new EnumMap<>(Kind.class);

  /** Counts the requests to look at everything again. */
  private long round;

  private Set<Kind> lastServed = Set.of();
  private int answersAlike;

  /** How one informer fares. */
  private static final class State {
    private final KindInformer informer;
    private boolean isListed;
    private long listedRound = -1;
    private Optional<Trouble> trouble = Optional.empty();
    private Optional<Long> missingSinceNanos = Optional.empty();

    private State(KindInformer informer) {
      this.informer = informer;
    }
  }

  KindInformers(InformerContext context) {
    this.context = context;
  }

  /** Tells whether a kind is read. What is still queued of another kind means nothing. */
  boolean has(Kind kind) {
    return kinds.containsKey(kind);
  }

  /** Takes that a kind was listed in a round. */
  void listed(Kind kind, long ofRound) {
    var state = kinds.get(kind);
    state.isListed = true;
    state.listedRound = ofRound;
  }

  /** Takes that a kind can be read. */
  void working(Kind kind) {
    kinds.get(kind).trouble = Optional.empty();
  }

  /** Takes that a kind cannot be read. */
  void failing(Kind kind, String reason, long nowNanos) {
    var state = kinds.get(kind);
    state.trouble = Optional.of(Trouble.since(state.trouble, reason, nowNanos));
  }

  /**
   * Reads the kinds that are served.
   *
   * @return the objects of withdrawn kinds, which are gone with them
   */
  Set<ObjectKey> serve(Set<Kind> served, long nowNanos) throws InterruptedException {
    answersAlike = served.equals(lastServed) ? answersAlike + 1 : 0;
    lastServed = served;
    for (var kind : served) {
      kinds.computeIfAbsent(kind, _ -> new State(new KindInformer(context, kind, round)))
              .missingSinceNanos =
          Optional.empty();
    }
    var gone = new HashSet<ObjectKey>();
    for (var kind : EnumSet.copyOf(kinds.keySet())) {
      if (!served.contains(kind) && isWithdrawn(kind, nowNanos)) {
        LOG.info("{} of {} are not served any more", kind.plural(), kind.apiVersion());
        gone.addAll(kinds.remove(kind).informer.end());
      }
    }
    return gone;
  }

  private boolean isWithdrawn(Kind kind, long nowNanos) {
    var state = kinds.get(kind);
    var since = state.missingSinceNanos.orElse(nowNanos);
    state.missingSinceNanos = Optional.of(since);
    return nowNanos - since > GONE_AFTER.toNanos();
  }

  /** Tells whether each kind that the server has was listed. */
  boolean isWhole() {
    var isSure = lastServed.containsAll(Kind.tiered()) || answersAlike >= SURE_AFTER;
    return isSure && kinds.values().stream().allMatch(state -> state.isListed);
  }

  /** Returns why kinds cannot be read that the server has. */
  Stream<Trouble> troubles() {
    return served().flatMap(state -> state.trouble.stream());
  }

  private Stream<State> served() {
    return kinds.values().stream().filter(state -> state.missingSinceNanos.isEmpty());
  }

  /**
   * Lists each kind again.
   *
   * @return tells whether that is done
   */
  BooleanSupplier lookAgain() {
    var asked = ++round;
    kinds.values().forEach(state -> state.informer.lookAgain(asked));
    return () -> served().allMatch(state -> state.listedRound >= asked);
  }

  @Override
  public void close() {
    kinds.values().forEach(state -> state.informer.close());
  }
}
