package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import io.portcullis.retry.Outage;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies each version to live connections (C2), in a thread of its own that takes the newest
 * version and holds nobody up. After a version it looks twice: a packet that was under way
 * meanwhile may have begun a connection after the first look.
 */
public final class LiveConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveConnections.class);
  private static final Duration SECOND_SWEEP = Duration.ofMillis(700);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);
  private static final int NAMED = 5;

  private final ConnectionTable table;
  private final Supplier<Set<IpAddress>> own;
  private final Thread thread;
  private Optional<Task> next = Optional.empty();
  private boolean closed;
  private boolean mayBeMarked = true;
  private volatile Counts counts = new Counts(0, 0, 0, 0);
  private final Outage outage = new Outage();

  /** A sweep that is to be made. */
  private record Task(RuleSet rules, Set<IpAddress> moved, boolean isSecond, long atNanos) {}

  /**
   * How many connections were touched since the start.
   *
   * @param cut because they were no longer allowed
   * @param restored because they were allowed again
   * @param forgotten because their address is another pod's
   * @param marked that are cut now
   */
  public record Counts(long cut, long restored, long forgotten, long marked) {
    private Counts plus(ConnectionSweep sweep) {
      return new Counts(
          cut + sweep.cut().size(),
          restored + sweep.restored().size(),
          forgotten + sweep.forgotten().size(),
          sweep.marked());
    }
  }

  /**
   * Starts the thread.
   *
   * @param table is closed with this
   * @param own returns the node's addresses; asked before each sweep
   */
  public LiveConnections(ConnectionTable table, Supplier<Set<IpAddress>> own) {
    this.table = table;
    this.own = own;
    this.thread = Thread.ofPlatform().name("connections").daemon().start(this::run);
  }

  public Counts counts() {
    return counts;
  }

  /** Returns why live connections are not judged, as long as that goes on. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  /** Applies rules that are in force; those before are not known. */
  public void enforced(RuleSet rules) {
    take(rules, Set.of());
  }

  /**
   * Applies rules that replaced others.
   *
   * @param opens whether all changes let more pass
   */
  public synchronized void enforced(RuleSet before, RuleSet rules, boolean opens) {
    var moved = moved(before, rules);
    if (!opens || mayBeMarked || !moved.isEmpty() || next.isPresent()) {
      take(rules, moved);
    }
  }

  private synchronized void take(RuleSet rules, Set<IpAddress> moved) {
    var all = new HashSet<>(moved);
    next.ifPresent(task -> all.addAll(task.moved()));
    next = Optional.of(new Task(rules, all, false, System.nanoTime()));
    notifyAll();
  }

  private static Set<IpAddress> moved(RuleSet before, RuleSet after) {
    var moved = new HashSet<IpAddress>();
    for (var old : before.endpoints()) {
      if (!after.endpoint(old.ip()).filter(now -> isSamePod(old, now)).isPresent()) {
        moved.add(old.ip());
      }
    }
    return moved;
  }

  /** Compares names of pods; what was read back from the kernel has none. */
  private static boolean isSamePod(Endpoint old, Endpoint now) {
    return old.pod().equals(now.pod()) || old.pod().isEmpty() || now.pod().isEmpty();
  }

  private void run() {
    try {
      for (var task = await(); task.isPresent(); task = await()) {
        sweep(task.get());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      table.close();
    }
  }

  private synchronized Optional<Task> await() throws InterruptedException {
    while (!closed) {
      var left = next.map(task -> task.atNanos() - System.nanoTime()).orElse(Long.MAX_VALUE);
      if (left <= 0) {
        var task = next;
        next = Optional.empty();
        return task;
      }
      wait(Math.max(1, Duration.ofNanos(left).toMillis()));
    }
    return Optional.empty();
  }

  private void sweep(Task task) {
    try {
      var sweep = ConnectionSweep.over(table, task.rules(), task.moved(), own.get());
      outage.end(() -> LOG.info("live connections are judged again"));
      counts = counts.plus(sweep);
      log(sweep);
      remember(sweep.marked() > 0);
      if (!task.isSecond()) {
        again(new Task(task.rules(), Set.of(), true, System.nanoTime() + SECOND_SWEEP.toNanos()));
      }
    } catch (IOException | RuntimeException e) {
      outage.report(
          "live connections are not judged by the newest version: " + e.getMessage(),
          why -> LOG.error("{}", why, e));
      again(
          new Task(
              task.rules(),
              task.moved(),
              task.isSecond(),
              System.nanoTime() + AFTER_FAILURE.toNanos()));
    }
  }

  private synchronized void remember(boolean marked) {
    mayBeMarked = marked;
  }

  /** Plans a sweep, unless a newer version came meanwhile, whose sweep comes at once. */
  private synchronized void again(Task task) {
    if (next.isEmpty()) {
      next = Optional.of(task);
    }
  }

  private static void log(ConnectionSweep sweep) {
    if (sweep.cut().isEmpty() && sweep.restored().isEmpty() && sweep.forgotten().isEmpty()) {
      return;
    }
    LOG.info(
        "connections: cut {} {}, restored {} {}, to be judged anew {} {}; looked at {}",
        sweep.cut().size(),
        first(sweep.cut()),
        sweep.restored().size(),
        first(sweep.restored()),
        sweep.forgotten().size(),
        first(sweep.forgotten()),
        sweep.looked());
  }

  private static List<String> first(List<Connection> connections) {
    return connections.stream().limit(NAMED).map(Connection::toString).toList();
  }

  /** Ends the thread. Marks stay in the kernel: what is cut stays cut. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
