package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.retry.Outage;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiServer;
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
import java.util.concurrent.BlockingQueue;
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
 * A Kubernetes API server as a source: each kind that it has is listed and watched. It is whole
 * when every kind was listed, and lost while one cannot be read, or the server does not answer.
 */
public final class KubernetesSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
  private static final int LONGEST_QUEUE = 10_000;

  /** A server that starts does not show all its kinds at once. */
  private static final Duration GONE_AFTER = Duration.ofSeconds(20);

  /** So many more answers alike are believed, where kinds are missing that may be there. */
  private static final int SURE_AFTER = 2;

  /** A moment's trouble, as of a server that starts again, is no loss. */
  private static final Duration LOST_AFTER = Duration.ofSeconds(3);

  private final ApiServer server;
  private final LongSupplier clockMicros;
  private final LongSupplier clockNanos;
  private final BlockingQueue<InformerEvent> news = new LinkedBlockingQueue<>(LONGEST_QUEUE);
  private final ApiDiscovery pulse;
  private final ObjectListener listener;
  private final Map<Kind, Reading> readings = new EnumMap<>(Kind.class);
  private final Deque<SourceEvent> events = new ArrayDeque<>();

  /** What came since the last event; none for what is gone. */
  private final Map<ObjectKey, Optional<ApiObject>> changed = new LinkedHashMap<>();

  private Optional<Trouble> silence;
  private long answeredNanos;

  /** How often all was to be looked at again. */
  private long round;

  private Set<Kind> lastServed = Set.of();
  private int answersAlike;
  private boolean isWhole;

  /** Why the loop was told that the source is lost, while it is. */
  private final Outage lost = new Outage();

  private record Trouble(String reason, long sinceNanos) {}

  /** How it goes with one kind. */
  private static final class Reading {
    private final KindInformer reader;
    private boolean isListed;
    private long listedRound = -1;
    private Optional<Trouble> trouble = Optional.empty();
    private Optional<Long> missingSinceNanos = Optional.empty();

    private Reading(KindInformer reader) {
      this.reader = reader;
    }
  }

  /**
   * Starts to read the server, and closes it at its own end.
   *
   * @param clockMicros the time, microseconds since 1970, for what is seen
   */
  public KubernetesSource(ApiServer server, ObjectListener listener, LongSupplier clockMicros) {
    this(server, listener, clockMicros, System::nanoTime);
  }

  KubernetesSource(
      ApiServer server,
      ObjectListener listener,
      LongSupplier clockMicros,
      LongSupplier clockNanos) {
    this.server = server;
    this.listener = listener;
    this.clockMicros = clockMicros;
    this.clockNanos = clockNanos;
    this.silence = Optional.of(new Trouble("not asked yet", clockNanos.getAsLong()));
    this.pulse = new ApiDiscovery(server, news);
  }

  @Override
  public Optional<SourceEvent> next(Duration atMost) throws InterruptedException {
    if (events.isEmpty()) {
      var first = news.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        take(first);
        takeAll();
      }
      conclude();
    }
    return Optional.ofNullable(events.poll());
  }

  /** What has queued up is one event. */
  private void takeAll() throws InterruptedException {
    var more = new ArrayList<InformerEvent>();
    news.drainTo(more, LONGEST_QUEUE);
    for (var told : more) {
      take(told);
    }
  }

  private void take(InformerEvent told) throws InterruptedException {
    switch (told) {
      case InformerEvent.Seen(var kind, var object, var verdict) ->
          with(
              kind,
              _ -> {
                changed.put(object.key(), Optional.of(object));
                listener.shown(object.key(), verdict);
              });
      case InformerEvent.Gone(var kind, var key) -> with(kind, _ -> gone(key));
      case InformerEvent.Listed(var kind, var ofRound) ->
          with(
              kind,
              reading -> {
                reading.isListed = true;
                reading.listedRound = ofRound;
              });
      case InformerEvent.Working(var kind) ->
          with(kind, reading -> reading.trouble = Optional.empty());
      case InformerEvent.Failing(var kind, var reason) ->
          with(kind, reading -> reading.trouble = Optional.of(since(reading.trouble, reason)));
      case InformerEvent.Answered(var served) -> {
        var now = clockNanos.getAsLong();
        if (silence.filter(s -> now - s.sinceNanos() > LOST_AFTER.toNanos()).isPresent()) {
          lookAgain(); // what broke in silence may be silent still
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

  /** What is still told of a kind that has ended means nothing. */
  private void with(Kind kind, Consumer<Reading> use) {
    Optional.ofNullable(readings.get(kind)).ifPresent(use);
  }

  private Trouble since(Optional<Trouble> before, String reason) {
    return new Trouble(reason, before.map(Trouble::sinceNanos).orElseGet(clockNanos::getAsLong));
  }

  /** Reads the kinds that there are; those that are gone for good take their objects with them. */
  private void serve(Set<Kind> served) throws InterruptedException {
    answersAlike = served.equals(lastServed) ? answersAlike + 1 : 0;
    lastServed = served;
    for (var kind : served) {
      readings.computeIfAbsent(
                  kind, _ -> new Reading(new KindInformer(server, kind, news, clockMicros, round)))
              .missingSinceNanos =
          Optional.empty();
    }
    var now = clockNanos.getAsLong();
    for (var kind : EnumSet.copyOf(readings.keySet())) {
      var reading = readings.get(kind);
      if (served.contains(kind)) {
        continue;
      }
      var since = reading.missingSinceNanos.orElse(now);
      reading.missingSinceNanos = Optional.of(since);
      if (now - since > GONE_AFTER.toNanos()) {
        LOG.info("{} of {} are not served any more", kind.plural(), kind.apiVersion());
        readings.remove(kind);
        reading.reader.end().forEach(this::gone);
      }
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
    return isSure && readings.values().stream().allMatch(reading -> reading.isListed);
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

  /** What makes the source lost, if anything does: what has lasted longest. */
  private Optional<Trouble> trouble() {
    var now = clockNanos.getAsLong();
    return Stream.concat(
            silence.stream(),
            readings.values().stream()
                .filter(reading -> reading.missingSinceNanos.isEmpty())
                .flatMap(reading -> reading.trouble.stream()))
        .filter(trouble -> now - trouble.sinceNanos() > LOST_AFTER.toNanos())
        .min(Comparator.comparingLong(Trouble::sinceNanos));
  }

  @Override
  public BooleanSupplier lookAgain() {
    var asked = ++round;
    readings.values().forEach(reading -> reading.reader.lookAgain(asked));
    return () ->
        events.isEmpty()
            && changed.isEmpty()
            && readings.values().stream()
                .filter(reading -> reading.missingSinceNanos.isEmpty())
                .allMatch(reading -> reading.listedRound >= asked);
  }

  @Override
  public String name() {
    return server.name();
  }

  @Override
  public void close() {
    pulse.close();
    readings.values().forEach(reading -> reading.reader.close());
    server.close();
  }
}
