package io.portcullis.agent.state;

import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.agent.program.BootTable;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.nft.GuardLease;
import io.portcullis.retry.Outage;
import io.portcullis.ruleset.Marker;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the newest version that is in the kernel, in a thread of its own that holds nobody up, and
 * tells what an agent before this one saved. Writing takes a twentieth of the time at most, so what
 * is saved may be some seconds older than what is enforced.
 */
public final class NodeState implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeState.class);
  private static final Duration SHORTEST_REST = Duration.ofMillis(500);
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);
  private static final int REST_PER_WRITE = 19;

  /** Links of pods are compared with the saved ones so often. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(3);

  /** A lease is saved when it ends so much later than the saved one. */
  private static final int LEASES_PER_TIME = 5;

  private final Setup setup;
  private final Optional<Rtnetlink> network;
  private final Object asking = new Object();
  private final Outage outage = new Outage();
  private final Thread thread;
  private Optional<EnforcedVersion> next = Optional.empty();
  private Optional<SavedLease> nextLease = Optional.empty();
  private long leaseUntilNanos = Long.MIN_VALUE;
  private boolean closed;

  /**
   * Whose state it is, and where it is kept.
   *
   * @param boot the kernel's boot now
   * @param guard of new pods, as the file for the boot arms it
   * @param local settings, as the file for the boot has them
   */
  public record Setup(
      String node,
      StateDirectory directory,
      BootId boot,
      PodGuard.Setting guard,
      LocalEdits.Settings local) {}

  /** Starts the thread, in the network namespace of the calling one. */
  public NodeState(Setup setup) {
    this.setup = setup;
    this.network = Rtnetlink.open();
    try {
      setup.directory().prepare();
    } catch (IOException | UnsupportedOperationException e) {
      report(e);
    }
    this.thread = Thread.ofPlatform().name("state").daemon().start(this::run);
  }

  /** Returns the kernel's boot. */
  public BootId boot() {
    return setup.boot();
  }

  /** Returns why the state cannot be kept, as long as that goes on. */
  public Optional<String> trouble() {
    return outage.reason();
  }

  /** Returns what was saved last, without its rules; what is damaged is told and ignored. */
  public Optional<SavedVersion.Header> saved() {
    try {
      var saved = setup.directory().readHeader();
      var ours = saved.filter(header -> header.node().equals(setup.node()));
      if (saved.isPresent() && ours.isEmpty()) {
        LOG.error(
            "the saved version in {} is ignored: it is of node {}",
            setup.directory(),
            saved.get().node());
      }
      return ours;
    } catch (IOException e) {
      LOG.error("the saved version is ignored: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Returns what was saved last.
   *
   * @throws IOException when it cannot be read any more
   */
  public SavedVersion load() throws IOException {
    return setup.directory().read().orElseThrow(() -> new IOException("the saved version is gone"));
  }

  /** Returns the lease of the guard that the first table gets (C1). */
  public GuardLease firstLease() {
    var first = setup.guard().first();
    return switch (first) {
      case GuardLease.None _, GuardLease.Ever _ -> first;
      case GuardLease.For _ ->
          savedLease().map(lease -> lease.left(System.nanoTime())).orElse(first);
    };
  }

  private Optional<SavedLease> savedLease() {
    try {
      return setup
          .directory()
          .readLease()
          .filter(lease -> setup.boot().isKnown() && lease.bootId().equals(setup.boot().text()));
    } catch (IOException e) {
      LOG.error("the saved lease of the guard is ignored: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns the links to which the addresses of these rules' pods are routed now. */
  public SortedMap<String, String> links(RuleSet rules) {
    if (network.isEmpty()) {
      return new TreeMap<>();
    }
    var pods = rules.endpoints().stream().map(Endpoint::ip).toList();
    try {
      haveLinksChanged();
      synchronized (asking) {
        return SavedVersion.text(PodLinks.places(network.get().read(), pods));
      }
    } catch (IOException e) {
      report(e);
      return new TreeMap<>();
    }
  }

  private boolean haveLinksChanged() throws IOException {
    synchronized (asking) {
      return network.isPresent() && network.get().hasChanged();
    }
  }

  /** Saves a version that is in the kernel, unless a newer one comes first. */
  public synchronized void enforced(EnforcedVersion version) {
    next = Optional.of(version);
    notifyAll();
  }

  /** Saves the end of the guard's lease, where it is much later than the saved one. */
  public synchronized void lease(GuardLease lease) {
    if (lease instanceof GuardLease.For(var left)) {
      var until = System.nanoTime() + left.toNanos();
      if (leaseUntilNanos == Long.MIN_VALUE
          || until - leaseUntilNanos >= setup.guard().openAfter().toNanos() / LEASES_PER_TIME) {
        leaseUntilNanos = until;
        nextLease = Optional.of(new SavedLease(setup.boot().text(), until));
        notifyAll();
      }
    }
  }

  /** What is to be written. */
  private record Task(Optional<EnforcedVersion> version, Optional<SavedLease> lease) {
    boolean isNothing() {
      return version.isEmpty() && lease.isEmpty();
    }
  }

  private void run() {
    try {
      Optional<SavedVersion> written = Optional.empty();
      for (var task = await(); task.isPresent(); task = await()) {
        var began = System.nanoTime();
        written = write(task.get(), written);
        rest(Duration.ofNanos(System.nanoTime() - began).multipliedBy(REST_PER_WRITE));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      network.ifPresent(Rtnetlink::close);
    }
  }

  /** Returns empty at the end, and a task of nothing when it is time to look at links. */
  private synchronized Optional<Task> await() throws InterruptedException {
    if (next.isEmpty() && nextLease.isEmpty() && !closed) {
      wait(BETWEEN_LOOKS.toMillis());
    }
    var task = new Task(next, nextLease);
    next = Optional.empty();
    nextLease = Optional.empty();
    return closed && task.isNothing() ? Optional.empty() : Optional.of(task);
  }

  private synchronized void rest(Duration time) throws InterruptedException {
    var left = time.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : time;
    var until =
        System.nanoTime() + (left.compareTo(LONGEST_REST) < 0 ? left : LONGEST_REST).toNanos();
    while (!closed && until - System.nanoTime() > 0) {
      wait(Math.max(1, Duration.ofNanos(until - System.nanoTime()).toMillis()));
    }
  }

  /** Writes what is new, and returns what is saved then. */
  private Optional<SavedVersion> write(Task task, Optional<SavedVersion> before) {
    try {
      var wanted =
          task.version().isEmpty() && haveLinksChanged()
              ? before.map(this::withLinksOfNow)
              : task.version().map(this::saved).or(() -> before);
      if (task.lease().isPresent()) {
        setup.directory().write(task.lease().get());
      }
      if (wanted.isPresent() && !wanted.equals(before)) {
        setup.directory().write(wanted.get());
        writeBoot(wanted.get());
      }
      outage.end(() -> LOG.info("the state is saved in {} again", setup.directory()));
      return wanted;
    } catch (IOException | UnsupportedOperationException e) {
      report(e);
      task.version().ifPresent(this::again);
      return before;
    }
  }

  private synchronized void again(EnforcedVersion version) {
    if (next.isEmpty()) {
      next = Optional.of(version);
    }
  }

  private void writeBoot(SavedVersion saved) throws IOException {
    if (setup.guard().mode() == GuardMode.OFF) {
      setup.directory().removeBoot();
      return;
    }
    var table = closed(saved);
    var local = new LocalEdits(Optional.empty(), setup.guard().first(), setup.local());
    setup.directory().writeBoot(BootTable.text(table.rules(), table.stamp(), local));
  }

  /** Returns what is enforced after a boot until a version is read from the topic. */
  public static EnforcedVersion closed(SavedVersion saved) {
    var header = saved.header();
    return EnforcedVersion.closed(saved.closed(), header.version(), header.topicId());
  }

  private SavedVersion saved(EnforcedVersion version) {
    var stamp = version.stamp();
    var digest = version.marker().map(Marker::digest).orElse(stamp.digest());
    return new SavedVersion(
        new SavedVersion.Header(
            SavedVersion.FORMAT,
            setup.node(),
            setup.boot().text(),
            stamp.version(),
            stamp.topicId(),
            digest,
            stamp.micros(),
            links(version.rules())),
        version.rules());
  }

  private SavedVersion withLinksOfNow(SavedVersion saved) {
    return new SavedVersion(saved.header().with(links(saved.rules())), saved.rules());
  }

  private void report(Exception thrown) {
    outage.report(
        "the state cannot be kept in " + setup.directory() + ": " + thrown,
        why -> LOG.error("{}; a boot without Kafka would leave this node open", why));
  }

  /** Ends the thread, after what is not saved yet. */
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
