package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.retry.Outage;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.kubernetes.InformerContext.Timing;
import io.portcullis.watcher.source.Source;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.status.ObjectListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a Kubernetes API server: each kind that it serves is listed and watched. The source is
 * whole when every kind was listed. It is lost while a kind cannot be read, or the server does not
 * answer.
 */
public final class KubernetesSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
  private static final int LONGEST_QUEUE = 10_000;

  /**
   * A kind is withdrawn when it was missing for so long: a starting server shows them by and by.
   */
  private static final Duration GONE_AFTER = Duration.ofSeconds(20);

  /** Missing kinds are believed to be missing after so many more answers that are the same. */
  private static final int SURE_AFTER = 2;

  /** A source is lost after so long; a server that restarts is back before. */
  private static final Duration LOST_AFTER = Duration.ofSeconds(3);

  private final InformerContext context;
  private final LongSupplier clockNanos;
  private final ObjectListener listener;
  private final ApiDiscovery discovery;
  private final Map<Kind, KindState> kinds = new EnumMap<>(Kind.class);
  private final Deque<SourceEvent> events = new ArrayDeque<>();

  /** What has changed since the last event; an object that is gone is empty. */
  private final Map<ObjectKey, Optional<ApiObject>> changed = new LinkedHashMap<>();

  private Optional<Trouble> silence;
  private long answeredNanos;

  /** Counts the requests to look at everything again. */
  private long round;

  private Set<Kind> lastServed = Set.of();
  private int answersAlike;
  private boolean isWhole;

  /** Why the source was reported to be lost, while it is. */
  private final Outage lost = new Outage();

  private record Trouble(String reason, long sinceNanos) {}

  /** What is known about the reading of one kind. */
  private static final class KindState {
    private final KindInformer informer;
    private boolean isListed;
    private long listedRound = -1;
    private Optional<Trouble> trouble = Optional.empty();
    private Optional<Long> missingSinceNanos = Optional.empty();

    private KindState(KindInformer informer) {
      this.informer = informer;
    }
  }

  /**
   * Starts to read the server, and closes it at its own end.
   *
   * @param clockMicros the time, microseconds since 1970, for what is seen
   */
  public KubernetesSource(ApiServer server, ObjectListener listener, LongSupplier clockMicros) {
    this(context(server, clockMicros, Timing.STANDARD), listener, System::nanoTime);
  }

  KubernetesSource(InformerContext context, ObjectListener listener, LongSupplier clockNanos) {
    this.context = context;
    this.listener = listener;
    this.clockNanos = clockNanos;
    this.silence = Optional.of(new Trouble("not asked yet", clockNanos.getAsLong()));
    this.discovery = new ApiDiscovery(context);
  }

  static InformerContext context(ApiServer server, LongSupplier clockMicros, Timing timing) {
    return new InformerContext(
        server, new LinkedBlockingQueue<>(LONGEST_QUEUE), clockMicros, timing);
  }

  @Override
  public Optional<SourceEvent> next(Duration atMost) throws InterruptedException {
    if (events.isEmpty()) {
      var first = context.events().poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        take(first);
        takeAll();
      }
      conclude();
    }
    return Optional.ofNullable(events.poll());
  }

  /** Takes all that has queued up, so that it becomes one event. */
  private void takeAll() throws InterruptedException {
    var more = new ArrayList<InformerEvent>();
    context.events().drainTo(more, LONGEST_QUEUE);
    for (var event : more) {
      take(event);
    }
  }

  private void take(InformerEvent event) throws InterruptedException {
    switch (event) {
      case InformerEvent.Seen(var kind, var object, var status) ->
          with(
              kind,
              _ -> {
                changed.put(object.key(), Optional.of(object));
                listener.shown(object.key(), status);
              });
      case InformerEvent.Gone(var kind, var key) -> with(kind, _ -> gone(key));
      case InformerEvent.Listed(var kind, var ofRound) ->
          with(
              kind,
              state -> {
                state.isListed = true;
                state.listedRound = ofRound;
              });
      case InformerEvent.Working(var kind) -> with(kind, state -> state.trouble = Optional.empty());
      case InformerEvent.Failing(var kind, var reason) ->
          with(kind, state -> state.trouble = Optional.of(since(state.trouble, reason)));
      case InformerEvent.Answered(var served) -> {
        var now = clockNanos.getAsLong();
        if (silence.filter(s -> now - s.sinceNanos() > LOST_AFTER.toNanos()).isPresent()) {
          lookAgain(); // watches may have broken without a sign
        }
        silence = Optional.empty();
        answeredNanos = now;
        serve(served);
      }
      case InformerEvent.Silent(var reason) ->
          silence =
              Optional.of(
                  new Trouble(reason, silence.map(Trouble::sinceNanos).orElse(answeredNanos)));
    }
  }

  private void gone(ObjectKey key) {
    changed.put(key, Optional.empty());
    listener.gone(key);
  }

  /** Ignores what is still queued of a kind that is not read any more. */
  private void with(Kind kind, Consumer<KindState> use) {
    Optional.ofNullable(kinds.get(kind)).ifPresent(use);
  }

  private Trouble since(Optional<Trouble> before, String reason) {
    return new Trouble(reason, before.map(Trouble::sinceNanos).orElseGet(clockNanos::getAsLong));
  }

  /** Reads the kinds that are served. The objects of a withdrawn kind are gone with it. */
  private void serve(Set<Kind> served) throws InterruptedException {
    answersAlike = served.equals(lastServed) ? answersAlike + 1 : 0;
    lastServed = served;
    for (var kind : served) {
      kinds.computeIfAbsent(kind, _ -> new KindState(new KindInformer(context, kind, round)))
              .missingSinceNanos =
          Optional.empty();
    }
    for (var kind : EnumSet.copyOf(kinds.keySet())) {
      if (!served.contains(kind)) {
        missing(kind);
      }
    }
  }

  private void missing(Kind kind) throws InterruptedException {
    var state = kinds.get(kind);
    var now = clockNanos.getAsLong();
    var since = state.missingSinceNanos.orElse(now);
    state.missingSinceNanos = Optional.of(since);
    if (now - since > GONE_AFTER.toNanos()) {
      LOG.info("{} of {} are not served any more", kind.plural(), kind.apiVersion());
      kinds.remove(kind);
      state.informer.end().forEach(this::gone);
    }
  }

  private void conclude() {
    if (!isWhole && isReadWhole()) {
      isWhole = true;
      lost.end();
      events.add(new SourceEvent.Whole(sightings(), List.of()));
      var warnings = warnings();
      changed.clear();
      if (!warnings.isEmpty()) {
        events.add(new SourceEvent.Changed(List.of(), Set.of(), warnings));
      }
    }
    if (isWhole && !changed.isEmpty()) {
      events.add(new SourceEvent.Changed(sightings(), gone(), warnings()));
      changed.clear();
    }
    var trouble = trouble();
    if (trouble.isPresent()) {
      var forNanos = clockNanos.getAsLong() - trouble.get().sinceNanos();
      lost.report(trouble.get().reason(), why -> events.add(new SourceEvent.Lost(why, forNanos)));
    } else if (isWhole) {
      lost.end(() -> events.add(new SourceEvent.Found()));
    }
  }

  private boolean isReadWhole() {
    var isSure = lastServed.containsAll(Kind.tiered()) || answersAlike >= SURE_AFTER;
    return isSure && kinds.values().stream().allMatch(state -> state.isListed);
  }

  private List<Sighting> sightings() {
    return changed.values().stream().flatMap(Optional::stream).map(ApiObject::sighting).toList();
  }

  private Set<ObjectKey> gone() {
    return changed.entrySet().stream()
        .filter(change -> change.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Map<ObjectKey, List<Problem>> warnings() {
    return changed.values().stream()
        .flatMap(Optional::stream)
        .filter(object -> !object.warnings().isEmpty())
        .collect(Collectors.toMap(ApiObject::key, ApiObject::warnings));
  }

  /** Returns what makes the source lost, if anything does: the trouble that has lasted longest. */
  private Optional<Trouble> trouble() {
    var now = clockNanos.getAsLong();
    return Stream.concat(
            silence.stream(),
            kinds.values().stream()
                .filter(state -> state.missingSinceNanos.isEmpty())
                .flatMap(state -> state.trouble.stream()))
        .filter(trouble -> now - trouble.sinceNanos() > LOST_AFTER.toNanos())
        .min(Comparator.comparingLong(Trouble::sinceNanos));
  }

  @Override
  public BooleanSupplier lookAgain() {
    var asked = ++round;
    kinds.values().forEach(state -> state.informer.lookAgain(asked));
    return () ->
        events.isEmpty()
            && changed.isEmpty()
            && kinds.values().stream()
                .filter(state -> state.missingSinceNanos.isEmpty())
                .allMatch(state -> state.listedRound >= asked);
  }

  @Override
  public String name() {
    return context.server().name();
  }

  @Override
  public void close() {
    discovery.close();
    kinds.values().forEach(state -> state.informer.close());
    context.server().close();
  }
}
