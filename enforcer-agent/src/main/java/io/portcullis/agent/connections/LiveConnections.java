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
 * Applies each version to the connections that live (C2) by a thread of its own, which takes the
 * newest and holds nobody up. After a version it looks twice: a packet that was under way while the
 * version came may have brought a connection about after the first look.
 */
public final class LiveConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveConnections.class);
  private static final Duration SECOND_LOOK = Duration.ofMillis(700);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);
  private static final int TOLD = 5;

  private final ConnectionTable table;
  private final Supplier<Set<IpAddress>> own;
  private final Thread thread;
  private Optional<Task> next = Optional.empty();
  private boolean closed;
  private boolean mayBeMarked = true;
  private volatile Counts counts = new Counts(0, 0, 0, 0);
  private final Outage outage = new Outage();

  /** A look to be taken. */
  private record Task(RuleSet rules, Set<IpAddress> moved, boolean isSecond, long atNanos) {}

  /**
   * Connections since the start.
   *
   * @param cut as they were no longer allowed
   * @param restored as they were allowed again
   * @param forgotten as their address is another pod's
   * @param marked that are cut now
   */
  public record Counts(long cut, long restored, long forgotten, long marked) {
    private Counts plus(Look look) {
      return new Counts(
          cut + look.cut().size(),
          restored + look.restored().size(),
          forgotten + look.forgotten().size(),
          look.marked());
    }
  }

  /**
   * @param table is closed with this
   * @param own the node's addresses, asked for at each look
   */
  public LiveConnections(ConnectionTable table, Supplier<Set<IpAddress>> own) {
    this.table = table;
    this.own = own;
    this.thread = Thread.ofPlatform().name("connections").daemon().start(this::run);
  }

  public Counts counts() {
    return counts;
  }

  /** Why live connections are not judged, as long as that goes on. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  /** These rules are in force, and nothing is known of those before. */
  public void enforced(RuleSet rules) {
    take(rules, Set.of());
  }

  /**
   * These rules took the place of others.
   *
   * @param opens whether all that they change lets more pass
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

  /** What was read back from the kernel has no pod's name. */
  private static boolean isSamePod(Endpoint old, Endpoint now) {
    return old.pod().equals(now.pod()) || old.pod().isEmpty() || now.pod().isEmpty();
  }

  private void run() {
    try {
      for (var task = await(); task.isPresent(); task = await()) {
        look(task.get());
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

  private void look(Task task) {
    try {
      var look = Look.at(table, task.rules(), task.moved(), own.get());
      outage.end(() -> LOG.info("live connections are judged again"));
      counts = counts.plus(look);
      tell(look);
      looked(look.marked() > 0);
      if (!task.isSecond()) {
        again(new Task(task.rules(), Set.of(), true, System.nanoTime() + SECOND_LOOK.toNanos()));
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

  private synchronized void looked(boolean marked) {
    mayBeMarked = marked;
  }

  /** Unless a newer version came meanwhile, whose look comes at once. */
  private synchronized void again(Task task) {
    if (next.isEmpty()) {
      next = Optional.of(task);
    }
  }

  private static void tell(Look look) {
    if (look.cut().isEmpty() && look.restored().isEmpty() && look.forgotten().isEmpty()) {
      return;
    }
    LOG.info(
        "connections: cut {} {}, restored {} {}, to be judged anew {} {}; looked at {}",
        look.cut().size(),
        first(look.cut()),
        look.restored().size(),
        first(look.restored()),
        look.forgotten().size(),
        first(look.forgotten()),
        look.looked());
  }

  private static List<String> first(List<Connection> connections) {
    return connections.stream().limit(TOLD).map(Connection::toString).toList();
  }

  /** Marks stay in the kernel: what is cut stays cut. */
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
