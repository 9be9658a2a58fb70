package io.portcullis.watcher.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.FakeApiServer;
import io.portcullis.watcher.kubernetes.InformerContext.Timing;
import io.portcullis.watcher.source.SourceEvent;
import io.portcullis.watcher.status.ObjectListener;
import io.portcullis.watcher.status.StatusConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A source over a fake API server, read by the test's thread, with a clock that the test turns. */
final class ReadSource implements AutoCloseable {
  /** Looks often, and waits for answers as long as the slowest machine needs. */
  static final Timing PATIENT =
      new Timing(
          Duration.ofMillis(20),
          Patience.LIMIT,
          Patience.LIMIT,
          Patience.LIMIT,
          Patience.LIMIT,
          Duration.ofMillis(200));

  private static final Duration MOMENT = Duration.ofMillis(20);

  private final FakeApiServer server;
  private int looks;
  private final AtomicLong nanos = new AtomicLong();
  final InformerContext context;
  final KubernetesSource source;

  /** All events in their order. */
  final List<SourceEvent> events = new ArrayList<>();

  /** Each object that the source holds now as text, by name. */
  final Map<String, String> objects = new TreeMap<>();

  /** How often each object was shown, over all. */
  final Map<String, Integer> shown = new TreeMap<>();

  /** The objects of which the status writer was told. */
  final Map<ObjectKey, StatusConditions> statuses = new TreeMap<>();

  /** What is known of each kind. */
  Map<Kind, KnownKind> kinds = Map.of();

  ReadSource(FakeApiServer server, Timing timing) {
    this(server, timing, Set.of());
  }

  ReadSource(FakeApiServer server, Timing timing, Set<Kind> forgettable) {
    this.server = server;
    context = KubernetesSource.context(server.server(), () -> 7, timing);
    source = new KubernetesSource(context, listener(), nanos::get, forgettable);
  }

  private ObjectListener listener() {
    return new ObjectListener() {
      @Override
      public void shown(ObjectKey key, StatusConditions status) {
        statuses.put(key, status);
      }

      @Override
      public void gone(ObjectKey key) {
        statuses.remove(key);
      }
    };
  }

  /** Lets a second pass for each look at which kinds there are. */
  void passWithLooks() {
    var now = server.requests("/readyz").size();
    pass(Duration.ofSeconds(now - looks));
    looks = now;
  }

  /** Lets time pass. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Takes the source's events until something holds. */
  void until(String what, BooleanSupplier holds) throws InterruptedException {
    var end = System.nanoTime() + Patience.LIMIT.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s, after %s", what, events).isLessThan(end);
      source.next(MOMENT).ifPresent(this::take);
    }
  }

  /** Takes the source's events until it is whole. */
  void untilWhole() throws InterruptedException {
    until("whole", () -> events.stream().anyMatch(SourceEvent.Changed.class::isInstance));
  }

  /** Takes the source's events until it is lost, while time passes. */
  SourceEvent.Lost untilLost() throws InterruptedException {
    looks = server.requests("/readyz").size();
    until(
        "lost",
        () -> {
          passWithLooks();
          return last() instanceof SourceEvent.Lost;
        });
    return (SourceEvent.Lost) last();
  }

  /** Takes the source's events until it is found. */
  void untilFound() throws InterruptedException {
    until("found", () -> last() instanceof SourceEvent.Found);
  }

  /** Takes the source's events until it holds exactly these objects. */
  void untilHolds(String... names) throws InterruptedException {
    until("objects " + Set.of(names), () -> objects.keySet().equals(Set.of(names)));
  }

  private SourceEvent last() {
    return events.isEmpty() ? new SourceEvent.Found() : events.getLast();
  }

  private void take(SourceEvent event) {
    events.add(event);
    switch (event) {
      case SourceEvent.Changed(var sightings, var gone, _, var remarks) -> {
        kinds = remarks.kinds();
        gone.forEach(key -> objects.remove(key.name()));
        sightings.forEach(this::take);
      }
      case SourceEvent.Lost _, SourceEvent.Found _ -> {}
    }
  }

  private void take(Sighting sighting) {
    var name = sighting.key().orElseThrow().name();
    shown.merge(name, 1, Integer::sum);
    objects.put(name, sighting instanceof Sighting.Valid(var object) ? object.toString() : "");
  }

  /** The reasons of losses so far. */
  Set<String> losses() {
    return events.stream()
        .filter(SourceEvent.Lost.class::isInstance)
        .map(event -> ((SourceEvent.Lost) event).reason())
        .collect(Collectors.toSet());
  }

  /** The states that a kind was told to be in, in their order. */
  List<KnownKind.State> kindStates(Kind kind) {
    var states = new ArrayList<KnownKind.State>();
    for (var event : events) {
      if (event instanceof SourceEvent.Changed changed) {
        var state = changed.remarks().kinds().get(kind).state();
        if (states.isEmpty() || states.getLast() != state) {
          states.add(state);
        }
      }
    }
    return states;
  }

  /** The kinds of the objects that the status writer was told of. */
  Set<Kind> kindsOfStatuses() {
    return statuses.values().stream().map(StatusConditions::kind).collect(Collectors.toSet());
  }

  @Override
  public void close() {
    source.close();
  }
}
