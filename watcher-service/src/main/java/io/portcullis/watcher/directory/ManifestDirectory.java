package io.portcullis.watcher.directory;

import io.portcullis.manifest.DirectoryWatches;
import io.portcullis.manifest.ManifestFiles;
import io.portcullis.watcher.source.Source;
import io.portcullis.watcher.source.SourceEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a directory of manifests, or one file, as a source. At each event of the file system it
 * takes a snapshot of the whole tree at once; {@link Debouncer} decides what counts.
 *
 * <pre>
 *   reading ──(missing or unreadable, twice)──▶ lost
 *      ▲                                          │
 *      └────────────(there again)─────────────────┘
 * </pre>
 */
public final class ManifestDirectory implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestDirectory.class);

  /** A change that the file system does not tell is found after this time. */
  private static final Duration RESCAN = Duration.ofSeconds(10);

  private static final Duration RESCAN_UNWATCHED = Duration.ofMillis(500);

  /** Directories may be made while they are searched, but not so deep within one search. */
  private static final int MOST_SEARCHES = 20;

  private final Path root;
  private final LongSupplier clockMicros;
  private final LongSupplier clockNanos;
  private final DirectoryWatches watches;
  private final SnapshotReader reader = new SnapshotReader();
  private final Debouncer debouncer = new Debouncer();
  private final Deque<SourceEvent> events = new ArrayDeque<>();
  private Optional<TreeContents> shown = Optional.empty();
  private Health health = new Health.Reading();
  private boolean isWatchedWhole = true;
  private long nextSnapshot;
  private long nextRescan;

  private sealed interface Health {
    record Reading() implements Health {}

    record Missing(long since) implements Health {}

    record Lost() implements Health {}
  }

  /**
   * Opens a directory or file, which need not be there yet.
   *
   * @param clockMicros the time, microseconds since 1970, for what is seen
   * @throws UncheckedIOException when the system allows no watching at all
   */
  public ManifestDirectory(Path root, LongSupplier clockMicros) {
    this(root, clockMicros, System::nanoTime);
  }

  ManifestDirectory(Path root, LongSupplier clockMicros, LongSupplier clockNanos) {
    this.root = root;
    this.clockMicros = clockMicros;
    this.clockNanos = clockNanos;
    this.nextSnapshot = clockNanos.getAsLong();
    this.nextRescan = nextSnapshot;
    try {
      this.watches = new DirectoryWatches(root);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing can be watched here", e);
    }
  }

  @Override
  public Optional<SourceEvent> next(Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (events.isEmpty()) {
      var begun = clockNanos.getAsLong();
      var due = Math.min(nextSnapshot - begun, nextRescan - begun);
      var changed = watches.await(Duration.ofNanos(Math.min(due, end - System.nanoTime())));
      var now = clockNanos.getAsLong();
      if (changed || now - nextSnapshot >= 0 || now - nextRescan >= 0) {
        takeSnapshot(now);
      }
      if (System.nanoTime() - end >= 0) {
        break;
      }
    }
    return Optional.ofNullable(events.poll());
  }

  private void takeSnapshot(long now) {
    var pause = (isWatchedWhole ? RESCAN : RESCAN_UNWATCHED).toNanos();
    if (now - nextRescan >= 0) {
      reader.trustNoAttributes();
      nextRescan = now + pause;
    }
    nextSnapshot = now + pause;
    try {
      var outcome = debouncer.take(reader.snapshot(find(), clockMicros.getAsLong()), now);
      outcome.next().ifPresent(wait -> nextSnapshot = now + wait.toNanos());
      if (health instanceof Health.Missing) {
        health = new Health.Reading();
      }
      outcome.contents().ifPresent(this::show);
    } catch (IOException e) {
      missing(e, now);
    }
  }

  /** Finds the files; every directory is watched before it is searched for the last time. */
  private ManifestFiles find() throws IOException {
    watches.watchRoot();
    var found = ManifestFiles.under(root);
    for (var round = 0; watch(found) && round < MOST_SEARCHES; round++) {
      found = ManifestFiles.under(root);
    }
    return found;
  }

  private boolean watch(ManifestFiles found) {
    try {
      var more = watches.watch(found.directories());
      isWatchedWhole = true;
      return more;
    } catch (NoSuchFileException e) {
      return true; // gone since it was found
    } catch (IOException e) {
      if (isWatchedWhole) {
        LOG.warn(
            "{} cannot be watched, it is read every {}: {}",
            root,
            RESCAN_UNWATCHED,
            e.getMessage());
      }
      isWatchedWhole = false;
      return false;
    }
  }

  private void show(TreeContents contents) {
    if (shown.isEmpty()) {
      events.add(contents.whole());
    } else {
      contents.changedSince(shown.get()).ifPresent(events::add);
    }
    shown = Optional.of(contents);
    if (health instanceof Health.Lost) {
      events.add(new SourceEvent.Found());
      health = new Health.Reading();
    }
  }

  private void missing(IOException e, long now) {
    nextSnapshot = now + RESCAN_UNWATCHED.toNanos();
    switch (health) {
      case Health.Reading _ -> {
        health = new Health.Missing(now);
        nextSnapshot = now + Debouncer.SETTLING_TIME.toNanos();
      }
      case Health.Missing(var since) when now - since < Debouncer.SETTLING_TIME.toNanos() ->
          nextSnapshot = since + Debouncer.SETTLING_TIME.toNanos();
      case Health.Missing(var since) -> {
        health = new Health.Lost();
        debouncer.lost();
        events.add(new SourceEvent.Lost(root + ": " + ManifestFiles.reason(e), now - since));
      }
      case Health.Lost _ -> {}
    }
  }

  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public void close() {
    watches.close();
  }
}
