package io.portcullis.agent.cni;

import io.portcullis.retry.Outage;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows libcni's result cache by a thread of its own, told by the system what changes. Reading
 * takes a tenth of the time at most. What was read stays while the directory cannot be read. Any
 * thread asks.
 */
public final class ResultCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResultCache.class);

  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  /** What nothing tells of is noticed after so long: that a directory was replaced, for one. */
  private static final Duration LONGEST_BETWEEN = Duration.ofSeconds(10);

  /** The directory is looked at so often while the system does not tell of changes. */
  private static final Duration UNTOLD = Duration.ofSeconds(1);

  private static final int REST_PER_READ = 9;
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final Outage outage = new Outage();
  private final Optional<Directories> directories;
  private final Optional<String> off;
  private Optional<Thread> thread = Optional.empty();
  private SortedMap<Path, String> refused = new TreeMap<>();
  private volatile List<Attachment> attachments = List.of();
  private volatile boolean closed;

  /** The directories that are read and watched. */
  private record Directories(Path results, CacheDirectory files, List<Path> watched) {}

  private ResultCache(Optional<Directories> directories, Optional<String> off) {
    this.directories = directories;
    this.off = off;
  }

  /**
   * Reads the cache once.
   *
   * @param networkNamespaces the directory that has the pods' network namespaces
   */
  public static ResultCache of(Path results, Path networkNamespaces) {
    var files = new CacheDirectory(results, networkNamespaces);
    var watched = List.of(results, networkNamespaces);
    var cache =
        new ResultCache(Optional.of(new Directories(results, files, watched)), Optional.empty());
    cache.read(cache.directories.orElseThrow());
    return cache;
  }

  /**
   * Makes one that knows no pod, because the operator wants none.
   *
   * @param trouble that follows from it, if there is any
   */
  public static ResultCache off(Optional<String> trouble) {
    return new ResultCache(Optional.empty(), trouble);
  }

  /** Starts to follow the directory. It calls back after each change of the attachments. */
  public void start(Runnable changed) {
    thread =
        directories.map(
            of -> Thread.ofPlatform().name("cni").daemon().start(() -> run(of, changed)));
  }

  /** Returns the attachments of pods that are there; another list after each change. */
  public List<Attachment> attachments() {
    return attachments;
  }

  /** Returns the attachments, if the directory can be read and is not switched off. */
  public Optional<List<Attachment>> whole() {
    return isOff() || trouble().isPresent() ? Optional.empty() : Optional.of(attachments);
  }

  /** Returns whether the operator has switched it off. */
  public boolean isOff() {
    return directories.isEmpty();
  }

  /** Returns why pods may be unknown, as long as that goes on. */
  public Optional<String> trouble() {
    return off.or(outage::reason);
  }

  private void run(Directories of, Runnable changed) {
    var watches = watches();
    try {
      while (!closed) {
        watches.ifPresent(service -> watch(of, service));
        var began = System.nanoTime();
        if (read(of)) {
          changed.run();
        }
        TimeUnit.NANOSECONDS.sleep((System.nanoTime() - began) * REST_PER_READ);
        await(watches);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      watches.ifPresent(ResultCache::close);
    }
  }

  private static Optional<WatchService> watches() {
    try {
      return Optional.of(FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      LOG.warn("the runtime's files are looked at once a second: they cannot be watched: {}", e);
      return Optional.empty();
    }
  }

  private static void close(WatchService watches) {
    try {
      watches.close();
    } catch (IOException e) {
      LOG.debug("the watch of the runtime's files", e);
    }
  }

  private void await(Optional<WatchService> watches) throws InterruptedException {
    if (watches.isEmpty()) {
      Thread.sleep(UNTOLD);
      return;
    }
    var longest = outage.reason().isPresent() ? UNTOLD : LONGEST_BETWEEN;
    var key = watches.get().poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    for (; key != null; key = watches.get().poll()) {
      key.pollEvents();
      key.reset();
    }
  }

  /** Watches each directory; one that is not there is looked for again. */
  private static void watch(Directories of, WatchService watches) {
    for (var directory : of.watched()) {
      try {
        directory.register(watches, KINDS); // once, unless another directory has that name now
      } catch (IOException e) {
        LOG.debug("{} is not watched", directory, e);
      }
    }
  }

  /** Reads what is new, and returns whether the attachments are others now. */
  private boolean read(Directories of) {
    try {
      var reading = of.files().read();
      outage.end(() -> LOG.info("the pods in {} can be read again", of.results()));
      tell(reading.refused());
      if (reading.live().equals(attachments)) {
        return false;
      }
      attachments = reading.live();
      return true;
    } catch (IOException e) {
      report(of, e);
      return false;
    }
  }

  private void report(Directories of, IOException thrown) {
    var reason = Files.exists(of.results()) ? thrown.toString() : "the directory does not exist";
    outage.report(
        "the node does not know exempt pods by itself: " + of.results() + ": " + reason, LOG::warn);
  }

  /** Tells each file once that is not what libcni writes. */
  private void tell(SortedMap<Path, String> now) {
    now.forEach(
        (file, reason) -> {
          if (reason.equals(refused.get(file))) {
            LOG.debug("{} is ignored: {}", file, reason);
          } else {
            LOG.warn("{} is ignored, and its pod not known by the node: {}", file, reason);
          }
        });
    refused = now;
  }

  @Override
  public void close() {
    closed = true;
    thread.ifPresent(
        running -> {
          running.interrupt();
          try {
            running.join(LONGEST_CLOSE);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
