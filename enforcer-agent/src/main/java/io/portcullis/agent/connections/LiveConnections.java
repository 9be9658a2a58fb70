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
 * Settles live connections in the background, in a thread of its own (C2, C3). The kernel judges
 * those that speak with each of their packets, as long as their endpoints are narrowed; a look cuts
 * and restores those that do not, and related ones, and tells from when on the kernel need not.
 */
public final class LiveConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveConnections.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);
  private static final int NAMED = 5;

  private final ConnectionTable table;
  private final Supplier<Set<IpAddress>> own;
  private final LookPace pace;
  private final Thread thread;
  private Optional<LookTask> next = Optional.empty();
  private long restedNanos = System.nanoTime();
  private long urgentNanos = restedNanos;
  private boolean closed;
  private Set<Integer> cut = Set.of();
  private volatile Counts counts = new Counts(0, 0, 0, 0);
  private volatile Optional<Settled> settled = Optional.empty();
  private final Outage outage = new Outage();

  /**
   * How many connections were touched since the start, by the kernel or by looks.
   *
   * @param cut because they were no longer allowed
   * @param restored because they were allowed again
   * @param forgotten because their address is another pod's
   * @param marked that are cut now
   */
  public record Counts(long cut, long restored, long forgotten, long marked) {
    private Counts plus(ConnectionSweep sweep) {
      return new Counts(
          cut + sweep.cut(),
          restored + sweep.restored(),
          forgotten + sweep.forgotten().size(),
          sweep.marked().size());
    }
  }

  /**
   * Starts the thread.
   *
   * @param table is closed with this
   * @param own returns the node's addresses; asked before each look
   */
  public LiveConnections(ConnectionTable table, Supplier<Set<IpAddress>> own) {
    this(table, own, LookPace.DEFAULT);
  }

  LiveConnections(ConnectionTable table, Supplier<Set<IpAddress>> own, LookPace pace) {
    this.table = table;
    this.own = own;
    this.pace = pace;
    this.thread = Thread.ofPlatform().name("connections").daemon().start(this::run);
  }

  public Counts counts() {
    return counts;
  }

  /** Returns the result of the last look; empty before the first one. */
  public Optional<Settled> settled() {
    return settled;
  }

  /** Returns why live connections are not looked at, as long as that goes on. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  /** Looks at all connections: the rules are in force, and those before are not known. */
  public synchronized void enforced(RuleSet rules) {
    var now = System.nanoTime();
    take(new LookTask(rules, Optional.empty(), Set.of(), now, now, false));
  }

  /**
   * Applies rules that replaced others.
   *
   * @param narrowed endpoints whose connections may be forbidden or allowed now
   */
  public synchronized void enforced(RuleSet before, RuleSet rules, Set<IpAddress> narrowed) {
    var now = System.nanoTime();
    var moved = moved(before, rules);
    var isUrgent = isUrgent(before, rules, moved);
    if (!moved.isEmpty() || !narrowed.isEmpty()) {
      var notBefore = isUrgent ? now : now + pace.underWay().toNanos();
      take(new LookTask(rules, Optional.of(narrowed), moved, now, notBefore, isUrgent));
    } else if (next.isPresent()) {
      var task = next.get();
      take(
          new LookTask(
              rules, Optional.of(Set.of()), Set.of(), task.toldNanos(), Long.MAX_VALUE, isUrgent));
    }
  }

  /** Returns whether an address has another pod whose connections could be taken for old ones. */
  private boolean isUrgent(RuleSet before, RuleSet rules, Set<IpAddress> moved) { // C3
    var pending = next.map(LookTask::moved).orElse(Set.of());
    return rules.endpoints().stream()
        .map(Endpoint::ip)
        .anyMatch(
            ip -> moved.contains(ip) || pending.contains(ip) && before.endpoint(ip).isEmpty());
  }

  private void take(LookTask task) {
    next = Optional.of(next.map(task::with).orElse(task));
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
        look(task.get());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      table.close();
    }
  }

  private synchronized Optional<LookTask> await() throws InterruptedException {
    while (!closed) {
      var left = next.map(this::leftNanos).orElse(Long.MAX_VALUE);
      if (left <= 0) {
        var task = next;
        next = Optional.empty();
        return task;
      }
      wait(Math.max(1, Duration.ofNanos(left).toMillis()));
    }
    return Optional.empty();
  }

  private long leftNanos(LookTask task) {
    var now = System.nanoTime();
    var rest = task.isUrgent() ? urgentNanos : restedNanos;
    return Math.max(task.notBeforeNanos() - now, rest - now);
  }

  private void look(LookTask task) {
    var began = System.nanoTime();
    var beganToRun = ThreadTime.nanos();
    try {
      var sweep = ConnectionSweep.over(table, task, own.get(), cut);
      outage.end(() -> LOG.info("live connections are looked at again"));
      cut = sweep.marked();
      counts = counts.plus(sweep);
      log(sweep);
      var before = began - pace.underWay().toNanos();
      settled = Optional.of(new Settled(before, sweep.ends()));
      looked(task, ThreadTime.nanos() - beganToRun, before);
    } catch (IOException | RuntimeException e) {
      outage.report(
          "idle live connections are not judged by the newest version: " + e.getMessage(),
          why -> LOG.error("{}", why, e));
      again(task.later(System.nanoTime() + AFTER_FAILURE.toNanos()));
    }
  }

  /** Plans one more look if a packet that met older rules may still be under way. */
  private synchronized void looked(LookTask task, long ranNanos, long settledNanos) {
    var now = System.nanoTime();
    restedNanos = now + pace.afterNanos(ranNanos);
    urgentNanos = now + pace.urgent().toNanos();
    if (task.toldNanos() - settledNanos >= 0) {
      again(task.again());
    }
  }

  private synchronized void again(LookTask task) {
    next = Optional.of(next.map(newer -> newer.with(task)).orElse(task));
    notifyAll();
  }

  private static void log(ConnectionSweep sweep) {
    if (sweep.cut() + sweep.restored() + sweep.forgotten().size() == 0) {
      return;
    }
    LOG.info(
        "connections: cut {} {}, restored {}, to be judged anew {} {}; looked at {}",
        sweep.cut(),
        sweep.firstCut(),
        sweep.restored(),
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
