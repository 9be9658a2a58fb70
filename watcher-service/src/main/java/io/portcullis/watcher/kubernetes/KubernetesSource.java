package io.portcullis.watcher.kubernetes;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Reads a Kubernetes API server: each kind that it serves is listed and watched. The source is
 * whole when every kind was listed. It is lost while a kind cannot be read, or the server does not
 * answer.
 *
 * <pre>
 *   ApiDiscovery ──which kinds──▶ KindInformers ──one for each──▶ KindInformer
 *        │                                                            │
 *        └──────▶ queue of InformerEvent ◀────────────────────────────┘
 *                          │
 *                  ChangedObjects ──▶ Whole, Changed, Lost, Found
 * </pre>
 */
public final class KubernetesSource implements Source {
  private static final int LONGEST_QUEUE = 10_000;

  /** A source is lost after so long; a server that restarts is back before. */
  private static final Duration LOST_AFTER = Duration.ofSeconds(3);

  private final InformerContext context;
  private final LongSupplier clockNanos;
  private final ObjectListener listener;
  private final ApiDiscovery discovery;
  private final KindInformers informers;
  private final ChangedObjects changed = new ChangedObjects();
  private final Deque<SourceEvent> events = new ArrayDeque<>();

  /** Why the server does not answer, while it does not. */
  private Optional<Trouble> silence;

  private long answeredNanos;
  private boolean isWhole;

  /** Why the source was reported to be lost, while it is. */
  private final Outage lost = new Outage();

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
    this.informers = new KindInformers(context);
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
      case InformerEvent.Answered(var served) -> answered(served);
      case InformerEvent.Silent(var reason) ->
          silence = Optional.of(Trouble.since(silence, reason, answeredNanos));
      case InformerEvent.OfKind ofKind -> {
        if (informers.has(ofKind.kind())) {
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
      case InformerEvent.Listed(var kind, var round) -> informers.listed(kind, round);
      case InformerEvent.Working(var kind) -> informers.working(kind);
      case InformerEvent.Failing(var kind, var reason) ->
          informers.failing(kind, reason, clockNanos.getAsLong());
    }
  }

  private void answered(Set<Kind> served) throws InterruptedException {
    var now = clockNanos.getAsLong();
    if (silence.filter(s -> now - s.sinceNanos() > LOST_AFTER.toNanos()).isPresent()) {
      informers.lookAgain(); // watches may have broken without a sign
    }
    silence = Optional.empty();
    answeredNanos = now;
    informers.serve(served, now).forEach(this::gone);
  }

  private void gone(ObjectKey key) {
    changed.gone(key);
    listener.gone(key);
  }

  private void conclude() {
    if (!isWhole && informers.isWhole()) {
      isWhole = true;
      lost.end();
      events.add(changed.takeChanged()); // the first event shows everything
    }
    if (isWhole && !changed.isEmpty()) {
      events.add(changed.takeChanged());
    }
    var trouble = trouble();
    if (trouble.isPresent()) {
      var forNanos = clockNanos.getAsLong() - trouble.get().sinceNanos();
      lost.report(trouble.get().reason(), why -> events.add(new SourceEvent.Lost(why, forNanos)));
    } else if (isWhole) {
      lost.end(() -> events.add(new SourceEvent.Found()));
    }
  }

  /** Returns what makes the source lost, if anything does: the trouble that has lasted longest. */
  private Optional<Trouble> trouble() {
    var now = clockNanos.getAsLong();
    return Stream.concat(silence.stream(), informers.troubles())
        .filter(trouble -> now - trouble.sinceNanos() > LOST_AFTER.toNanos())
        .min(Comparator.comparingLong(Trouble::sinceNanos));
  }

  @Override
  public BooleanSupplier lookAgain() {
    var isListed = informers.lookAgain();
    return () -> events.isEmpty() && changed.isEmpty() && isListed.getAsBoolean();
  }

  @Override
  public String name() {
    return context.server().name();
  }

  @Override
  public void close() {
    discovery.close();
    informers.close();
    context.server().close();
  }
}
