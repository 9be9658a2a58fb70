package io.portcullis.watcher.status;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.publish.KindReport;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.status.Rollout.Reach;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the conditions and events of objects, on a thread of its own that nobody waits for. Only
 * the watcher that publishes writes. Conditions that an object has already are not written again.
 */
public final class StatusWriter implements StatusSink, ObjectListener {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  private final PendingStatus pending = new PendingStatus();
  private final StatusClient client;
  private final Supplier<Instant> clock;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;
  private volatile boolean isOwner;

  /** Starts the thread; {@link #own} lets it write. */
  public StatusWriter(ApiServer server, Supplier<Instant> clock) {
    this.client = new StatusClient(server);
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("status").start(this::run);
  }

  @Override
  public void shown(ObjectKey key, StatusConditions status) {
    wakeIf(pending.shown(key, status));
  }

  @Override
  public void reached(ObjectKey key, Origin form, Reach reach) {
    wakeIf(pending.reached(key, new Reached(form.uid(), form.generation(), reach)));
  }

  @Override
  public void missingPorts(Map<ObjectKey, MissingPorts> all) {
    pending.missingPorts(all, clock.get());
    news.release();
  }

  @Override
  public void inForce(Map<ObjectKey, String> all) {
    wakeIf(pending.inForce(all));
  }

  @Override
  public void kinds(List<KindReport> reports) {
    wakeIf(pending.kinds(reports));
  }

  @Override
  public void gone(ObjectKey key) {
    pending.gone(key);
  }

  @Override
  public void own(boolean owner) {
    if (owner != isOwner) {
      isOwner = owner;
      if (owner) {
        pending.reopen();
        news.release();
      }
    }
  }

  private void wakeIf(boolean isNew) {
    if (isNew) {
      news.release();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        awaitWork();
        writeAll();
      }
    } catch (InterruptedException _) {
      LOG.debug("no status is written any more");
    }
  }

  private void awaitWork() throws InterruptedException {
    var pause = pending.pause(clock.get()).filter(_ -> isOwner);
    if (pause.isEmpty()) {
      news.acquire();
    } else if (!news.tryAcquire(pause.get().toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    news.drainPermits();
  }

  private void writeAll() throws InterruptedException {
    for (var write : pending.writes()) {
      if (isOwner && client.write(write, clock.get())) {
        pending.written(write);
      }
    }
    for (var warning : pending.warnings(clock.get())) {
      if (isOwner && client.write(WarningEvent.of(warning.key(), warning.missing()), clock.get())) {
        pending.written(warning);
      }
    }
    for (var report : pending.unwrittenKinds()) {
      if (isOwner && client.write(WarningEvent.of(report), clock.get())) {
        pending.written(report);
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
