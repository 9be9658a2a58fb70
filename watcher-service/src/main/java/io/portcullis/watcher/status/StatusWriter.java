package io.portcullis.watcher.status;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiException;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.status.Rollout.Reach;
import io.portcullis.watcher.status.StatusConditions.Reached;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at the objects what becomes of them, on a thread of its own: nothing waits for it. Only the
 * watcher that publishes says anything. What an object says already is not said again.
 */
public final class StatusWriter implements StatusSink, ObjectListener {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** A policy often comes just before its pods. */
  private static final Duration TO_BE_MET = Duration.ofSeconds(5);

  private static final String APPLY = "application/apply-patch+yaml";
  private static final String MANAGER = "portcullis-watcher";

  private final ApiServer server;
  private final Supplier<Instant> clock;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private volatile boolean isOwner;

  // all four are guarded by this
  private final Map<ObjectKey, StatusConditions> wanted = new HashMap<>();
  private final Map<ObjectKey, StatusConditions> open = new HashMap<>();
  private final Map<ObjectKey, Reached> reached = new HashMap<>();
  private final Map<ObjectKey, Open> unmet = new HashMap<>();

  /** What is to be said if it is still so then. */
  private record Open(MissingPorts unmet, Instant due, boolean isSaid) {}

  public StatusWriter(ApiServer server, Supplier<Instant> clock) {
    this.server = server;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("verdicts").start(this::run);
  }

  @Override
  public synchronized void shown(ObjectKey key, StatusConditions verdict) {
    if (verdict.isSilent()) {
      gone(key);
    } else if (!verdict.equals(wanted.put(key, verdict))) {
      open.put(key, verdict);
      news.release();
    }
  }

  @Override
  public synchronized void reached(ObjectKey key, Origin form, Reach reach) {
    var now = new Reached(form.uid(), form.generation(), reach);
    if (wanted.containsKey(key) && !now.equals(reached.put(key, now))) {
      open.put(key, wanted.get(key));
      news.release();
    }
  }

  @Override
  public synchronized void missingPorts(Map<ObjectKey, MissingPorts> all) {
    var due = clock.get().plus(TO_BE_MET);
    unmet.keySet().retainAll(all.keySet());
    all.forEach(
        (key, now) ->
            unmet.merge(
                key,
                new Open(now, due, false),
                (before, open) -> before.unmet().equals(now) ? before : open));
    news.release();
  }

  private synchronized Optional<Reached> reached(ObjectKey key) {
    return Optional.ofNullable(reached.get(key));
  }

  @Override
  public synchronized void gone(ObjectKey key) {
    wanted.remove(key);
    open.remove(key);
    reached.remove(key);
  }

  @Override
  public void own(boolean owner) {
    if (owner == isOwner) {
      return;
    }
    isOwner = owner;
    if (owner) {
      synchronized (this) {
        open.putAll(wanted);
        unmet.replaceAll((_, said) -> new Open(said.unmet(), said.due(), false));
      }
      news.release();
    }
  }

  private synchronized List<Entry<ObjectKey, StatusConditions>> open() {
    return List.copyOf(open.entrySet());
  }

  private synchronized void done(ObjectKey key, StatusConditions verdict) {
    open.remove(key, verdict);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        var pause = isAnyUnsaid() ? TO_BE_MET : RETRY;
        if (news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
        for (var each : open()) {
          if (isOwner && isSaid(each.getKey(), each.getValue())) {
            done(each.getKey(), each.getValue());
          }
        }
        sayUnmet();
      }
    } catch (InterruptedException _) {
      LOG.debug("nothing is said at objects any more");
    }
  }

  private synchronized boolean isAnyUnsaid() {
    return isOwner && unmet.values().stream().anyMatch(open -> !open.isSaid());
  }

  private synchronized Map<ObjectKey, Open> due(Instant now) {
    return unmet.entrySet().stream()
        .filter(each -> !each.getValue().isSaid() && !each.getValue().due().isAfter(now))
        .collect(Collectors.toMap(Entry::getKey, Entry::getValue));
  }

  private void sayUnmet() throws InterruptedException {
    for (var each : due(clock.get()).entrySet()) {
      var open = each.getValue();
      if (isOwner && isSaid(each.getKey(), open.unmet())) {
        synchronized (this) {
          unmet.replace(each.getKey(), open, new Open(open.unmet(), open.due(), true));
        }
      }
    }
  }

  private boolean isSaid(ObjectKey key, MissingPorts unmet) throws InterruptedException {
    var kind = Kind.of(key);
    try {
      make(StatusConditions.unmet(kind, key, unmet.form().uid(), unmet.problems()), clock.get());
      return true;
    } catch (ApiException e) {
      return isDone(kind, key.name(), e);
    }
  }

  /** Whether it is said now; what cannot be is tried again later. */
  private boolean isSaid(ObjectKey key, StatusConditions verdict) throws InterruptedException {
    var now = clock.get();
    try {
      var conditions = verdict.missing(reached(key), now);
      if (!conditions.isEmpty()) {
        server.send(
            "PATCH",
            "%s/%s/status?fieldManager=%s&force=true"
                .formatted(verdict.kind().path(), verdict.name(), MANAGER),
            APPLY,
            verdict.with(conditions),
            LONGEST);
      }
      var warning = verdict.warning();
      if (warning.isPresent()) {
        make(warning.get(), now);
      }
      return true;
    } catch (ApiException e) {
      return isDone(verdict.kind(), verdict.name(), e);
    }
  }

  /** Whether nothing is left to say after this refusal. */
  private static boolean isDone(Kind kind, String name, ApiException e) {
    if (e.isNotFound()) {
      return true;
    }
    LOG.warn(
        "{} {} is not told what becomes of it: {}{}",
        kind.kind(),
        name,
        e.getMessage(),
        e.remedy().map(remedy -> "; " + remedy).orElse(""));
    return false;
  }

  private void make(WarningEvent warning, Instant now) throws ApiException, InterruptedException {
    try {
      server.send(
          "POST",
          "/api/v1/namespaces/" + warning.place() + "/events",
          "application/json",
          warning.event(now),
          LONGEST);
    } catch (ApiException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
