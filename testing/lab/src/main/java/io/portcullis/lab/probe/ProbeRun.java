package io.portcullis.lab.probe;

import com.sun.management.UnixOperatingSystemMXBean;
import io.portcullis.lab.network.NamespaceThreads;
import io.portcullis.lab.network.NetworkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * One run of probes on one thread: it opens sockets in each site's namespace, then waits for all of
 * them together. Both ends share the thread, so a slow machine delays the far end's answer and the
 * deadline alike. What has arrived is read before a probe is given up.
 */
final class ProbeRun implements AutoCloseable {
  private static final int MOST_AT_ONCE = 1024;

  /** The number of files that one probe may need: a TCP probe holds a socket for each attempt. */
  private static final int FILES_PER_PROBE = 4;

  private final Selector selector = Selector.open();
  private final ProbeTiming timing;
  private final PriorityQueue<Attempt> timers =
      new PriorityQueue<>(Comparator.comparingLong(Attempt::nextNanos));
  private final Map<Probe, Outcome> outcomes = new LinkedHashMap<>();
  private int underWay;
  private String entered = "";

  ProbeRun(ProbeTiming timing) throws IOException {
    this.timing = timing;
  }

  /** Opens a server at each destination, except where a program of that pod has the port. */
  void listen(Collection<Probe> probes) throws IOException {
    var opened = new HashSet<FarEnd>();
    for (var probe : probes) {
      var end = FarEnd.of(probe);
      if (opened.add(end)) {
        enter(probe.to());
        end.open(selector);
      }
    }
  }

  Map<Probe, Outcome> probe(Collection<Probe> probes) throws IOException {
    var pending = new ArrayDeque<>(probes);
    var atOnce = atOnce();
    probes.forEach(
        probe -> outcomes.put(probe, new Outcome.Silent())); // fixes the order of the result
    while (!pending.isEmpty() || underWay > 0) {
      while (underWay < atOnce && !pending.isEmpty()) {
        underWay++;
        send(new Attempt(pending.remove(), timing, System.nanoTime()));
      }
      selector.select(this::ready, millisToNextTimer());
      var now = System.nanoTime();
      selector.selectNow(this::ready);
      timersUntil(now);
    }
    return outcomes;
  }

  private void send(Attempt attempt) {
    try {
      enter(attempt.probe().from());
      attempt
          .send(selector)
          .ifPresentOrElse(seen -> finish(attempt, seen), () -> timers.add(attempt));
    } catch (NetworkException e) {
      finish(attempt, new Outcome.Failed(e.getMessage()));
    }
  }

  private void ready(SelectionKey key) {
    try {
      switch (key.attachment()) {
        case Attempt attempt -> attempt.seen(key).ifPresent(seen -> finish(attempt, seen));
        case FarEnd end -> end.answer(key);
        default -> throw new IllegalStateException("a key without an owner: " + key);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void timersUntil(long now) {
    while (!timers.isEmpty() && timers.peek().nextNanos() - now <= 0) {
      var attempt = timers.remove();
      if (attempt.finished()) {
        continue;
      }
      if (attempt.pastDeadline()) {
        finish(attempt, new Outcome.Silent());
      } else {
        send(attempt);
      }
    }
  }

  private void finish(Attempt attempt, Outcome outcome) {
    if (attempt.finished()) {
      return;
    }
    underWay--;
    attempt.finish();
    outcomes.put(attempt.probe(), outcome);
  }

  private long millisToNextTimer() {
    var next = timers.peek();
    return next == null ? 1 : Math.max(1, (next.nextNanos() - System.nanoTime()) / 1_000_000);
  }

  private void enter(Site site) {
    if (!entered.equals(site.netns())) {
      NamespaceThreads.enter(site.netns());
      entered = site.netns();
    }
  }

  private static int atOnce() {
    var system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
    var free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
    return (int) Math.clamp(free / (FILES_PER_PROBE + 1), 1L, MOST_AT_ONCE);
  }

  @Override
  public void close() throws IOException {
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
