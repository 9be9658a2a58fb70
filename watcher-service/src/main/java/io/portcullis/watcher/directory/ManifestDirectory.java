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
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of manifests, or one file, as a source. At each event of the file system it looks at
 * all of it at once, without waiting for more; {@link Debouncer} decides what counts.
 *
 * <pre>
 *   reading ──(missing or unreadable, twice)──▶ lost
 *      ▲                                          │
 *      └────────────(there again)─────────────────┘
 * </pre>
 */
public final class ManifestDirectory implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestDirectory.class);

  /** Should the system ever tell nothing of a change, this finds it. */
  private static final Duration RESCAN = Duration.ofSeconds(10);

  private static final Duration RESCAN_UNWATCHED = Duration.ofMillis(500);

  /** More rounds than directories can be nested while somebody makes them. */
  private static final int MOST_ROUNDS = 20;

  private final Path root;
  private final LongSupplier clockMicros;
  private final DirectoryWatches watches;
  private final SnapshotReader reader = new SnapshotReader();
  private final Debouncer settling = new Debouncer();
  private Optional<SourceEvent.Whole> last = Optional.empty();
  private Health health = new Health.Reading();
  private boolean watchedWhole = true;
  private long nextLook = System.nanoTime();
  private long nextRescan = nextLook;

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
    this.root = root;
    this.clockMicros = clockMicros;
    try {
      this.watches = new DirectoryWatches(root);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing can be watched here", e);
    }
  }

  @Override
  public Optional<SourceEvent> next(Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (true) {
      var now = System.nanoTime();
      var due = Math.min(nextLook - now, nextRescan - now);
      var changed = watches.await(Duration.ofNanos(Math.min(due, end - now)));
      now = System.nanoTime();
      if (changed || now - nextLook >= 0 || now - nextRescan >= 0) {
        var event = look(now);
        if (event.isPresent()) {
          return event;
        }
      }
      if (System.nanoTime() - end >= 0) {
        return Optional.empty();
      }
    }
  }

  private Optional<SourceEvent> look(long now) {
    var pause = (watchedWhole ? RESCAN : RESCAN_UNWATCHED).toNanos();
    if (now - nextRescan >= 0) {
      reader.trustNoAttributes();
      nextRescan = now + pause;
    }
    nextLook = now + pause;
    try {
      var outcome = settling.take(reader.look(find(), clockMicros.getAsLong()), now);
      outcome.lookAgain().ifPresent(wait -> nextLook = now + wait.toNanos());
      if (health instanceof Health.Missing) {
        health = new Health.Reading();
      }
      return outcome.whole().flatMap(this::news);
    } catch (IOException e) {
      return missing(e, now);
    }
  }

  /** Finds the files, with every directory watched before it is searched for the last time. */
  private ManifestFiles find() throws IOException {
    watches.watchRoot();
    var found = ManifestFiles.under(root);
    for (var round = 0; watch(found) && round < MOST_ROUNDS; round++) {
      found = ManifestFiles.under(root);
    }
    return found;
  }

  private boolean watch(ManifestFiles found) {
    try {
      var more = watches.watch(found.directories());
      watchedWhole = true;
      return more;
    } catch (NoSuchFileException e) {
      return true; // gone since it was found
    } catch (IOException e) {
      if (watchedWhole) {
        LOG.warn(
            "{} cannot be watched, it is read every {}: {}",
            root,
            RESCAN_UNWATCHED,
            e.getMessage());
      }
      watchedWhole = false;
      return false;
    }
  }

  private Optional<SourceEvent> news(SourceEvent.Whole whole) {
    var isNews =
        health instanceof Health.Lost
            || last.filter(before -> before.sameButForTime(whole)).isEmpty();
    health = new Health.Reading();
    if (!isNews) {
      return Optional.empty();
    }
    last = Optional.of(whole);
    return Optional.of(whole);
  }

  private Optional<SourceEvent> missing(IOException e, long now) {
    nextLook = now + RESCAN_UNWATCHED.toNanos();
    return switch (health) {
      case Health.Reading _ -> {
        health = new Health.Missing(now);
        nextLook = now + Debouncer.SECOND_LOOK.toNanos();
        yield Optional.empty();
      }
      case Health.Missing(var since) when now - since < Debouncer.SECOND_LOOK.toNanos() -> {
        nextLook = since + Debouncer.SECOND_LOOK.toNanos();
        yield Optional.empty();
      }
      case Health.Missing(var since) -> {
        health = new Health.Lost();
        settling.lost();
        yield Optional.of(new SourceEvent.Lost(root + ": " + ManifestFiles.reason(e), now - since));
      }
      case Health.Lost _ -> Optional.empty();
    };
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
