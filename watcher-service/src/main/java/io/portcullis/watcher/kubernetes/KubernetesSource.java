package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.retry.Outage;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Reads a Kubernetes API server: each kind that it serves is listed and watched. The source is
 * whole when every kind that can be read was listed. It is lost while pods, namespaces, nodes or
 * NetworkPolicies cannot be read, or the server does not answer. What is wrong with another kind
 * keeps only that kind's objects as they were ({@link ObservedKind}).
 *
 * <pre>
 *   ApiDiscovery ──which kinds──▶ ObservedKinds ──one for each──▶ KindInformer
 *        │                                                            │
 *        └──────▶ queue of InformerEvent ◀────────────────────────────┘
 *                          │
 *                  ChangedObjects ──▶ Whole, Changed, Lost, Found
 * </pre>
 */
public final class KubernetesSource implements Source {
  private static final int LONGEST_QUEUE = 10_000;

  private final InformerContext context;
  private final LongSupplier clockNanos;
  private final ObjectListener listener;
  private final ApiDiscovery discovery;
  private final ObservedKinds kinds;
  private final ChangedObjects changed = new ChangedObjects();
  private final Deque<SourceEvent> events = new ArrayDeque<>();

  /** Why the server does not answer, while it does not. */
  private Optional<Trouble> silence;

  private long answeredNanos;
  private boolean isWhole;

  /** What is known of each kind, as the newest event told it. */
  private Map<Kind, KnownKind> told = Map.of();

  /** Why the source was reported to be lost, while it is. */
  private final Outage lost = new Outage();

  /**
   * Starts to read the server, and closes it at its own end.
   *
   * @param clockMicros the time, microseconds since 1970, for what is seen
   * @param forgettable the kinds whose objects go when the server has no known version of them
   */
  public KubernetesSource(
      ApiServer server, ObjectListener listener, LongSupplier clockMicros, Set<Kind> forgettable) {
    this(context(server, clockMicros, Timing.STANDARD), listener, System::nanoTime, forgettable);
  }

  KubernetesSource(
      InformerContext context,
      ObjectListener listener,
      LongSupplier clockNanos,
      Set<Kind> forgettable) {
    this.context = context;
    this.listener = listener;
    this.clockNanos = clockNanos;
    this.kinds = new ObservedKinds(context, forgettable);
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
      case InformerEvent.Answered(var answer) -> answered(answer);
      case InformerEvent.Silent(var reason) -> {
        silence = Optional.of(Trouble.since(silence, reason, answeredNanos));
        kinds.silent();
      }
      case InformerEvent.OfKind ofKind -> {
        if (kinds.isRead(ofKind.kind())) {
          take(ofKind);
        }
      }
    }
  }

  private void take(InformerEvent.OfKind event) {
    switch (event) {
      case InformerEvent.Seen(_, var object, var status) -> {
        changed.seen(object);
        listener.shown(object.key(), status);
      }
      case InformerEvent.Gone(_, var key) -> gone(key);
      case InformerEvent.Listed(var kind, var round) -> kinds.of(kind).listed(round);
      case InformerEvent.Working(var kind) -> kinds.of(kind).working();
      case InformerEvent.Failing(var kind, var reason) ->
          kinds.of(kind).failing(reason, clockNanos.getAsLong());
    }
  }

  private void answered(Map<Kind, Discovered> answer) throws InterruptedException {
    var now = clockNanos.getAsLong();
    if (silence.filter(s -> s.isLasting(now)).isPresent()) {
      kinds.lookAgain(); // watches may have broken without a sign
    }
    if (silence.isPresent()) {
      kinds.answersAgain(now);
    }
    silence = Optional.empty();
    answeredNanos = now;
    kinds.discovered(answer, now);
  }

  private void gone(ObjectKey key) {
    changed.gone(key);
    listener.gone(key);
  }

  private void conclude() throws InterruptedException {
    if (silence.isEmpty()) { // otherwise it is the server's trouble, not a kind's
      kinds.conclude(clockNanos.getAsLong()).forEach(this::gone);
    }
    if (!isWhole && kinds.isWhole()) {
      isWhole = true;
      lost.end();
      tellChanged(); // the first event shows everything
    }
    if (isWhole && !(changed.isEmpty() && told.equals(kinds.known()))) {
      tellChanged();
    }
    var trouble = trouble();
    if (trouble.isPresent()) {
      var forNanos = clockNanos.getAsLong() - trouble.get().sinceNanos();
      lost.report(trouble.get().reason(), why -> events.add(new SourceEvent.Lost(why, forNanos)));
    } else if (isWhole) {
      lost.end(() -> events.add(new SourceEvent.Found()));
    }
  }

  private void tellChanged() {
    told = kinds.known();
    events.add(changed.takeChanged(told));
  }

  /** Returns what makes the source lost, if anything does: the trouble that has lasted longest. */
  private Optional<Trouble> trouble() {
    var now = clockNanos.getAsLong();
    return Stream.concat(silence.filter(s -> s.isLasting(now)).stream(), kinds.troubles(now))
        .min(Comparator.comparingLong(Trouble::sinceNanos));
  }

  @Override
  public BooleanSupplier lookAgain() {
    var isListed = kinds.lookAgain();
    return () -> events.isEmpty() && changed.isEmpty() && isListed.getAsBoolean();
  }

  @Override
  public String name() {
    return context.server().name();
  }

  @Override
  public void close() {
    discovery.close();
    kinds.close();
    context.server().close();
  }
}
