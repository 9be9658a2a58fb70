package io.portcullis.manifest;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Watches the directories of a tree, and the entry of its parent that leads to the tree. */
public final class DirectoryWatches implements AutoCloseable {
  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };

  private final WatchService service;
  private final Path root;
  private final Map<Path, Watched> watched = new HashMap<>();
  private Optional<Watched> entry = Optional.empty();

  /**
   * A directory that is watched.
   *
   * @param file the identity of the directory, whatever its name
   */
  private record Watched(WatchKey key, Object file) {}

  /**
   * Opens a watch service that watches nothing yet.
   *
   * @param root of the tree
   */
  public DirectoryWatches(Path root) throws IOException {
    this.service = FileSystems.getDefault().newWatchService();
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * Watches exactly these directories.
   *
   * @return whether one of them was not watched before, so that changes in it may be unknown
   * @throws IOException when the system allows no more watches
   */
  public boolean watch(Set<Path> directories) throws IOException {
    var stale = new HashMap<>(watched);
    stale.keySet().removeAll(directories);
    watched.keySet().retainAll(directories);
    stale.values().stream()
        .map(Watched::key)
        .filter(key -> watched.values().stream().noneMatch(other -> other.key() == key))
        .forEach(WatchKey::cancel);
    var more = false;
    for (var directory : directories) {
      var before = Optional.ofNullable(watched.get(directory));
      var now = watch(directory, before);
      watched.put(directory, now);
      more |= before.filter(now::equals).isEmpty();
    }
    return more;
  }

  private Watched watch(Path directory, Optional<Watched> before) throws IOException {
    var file = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    return before.filter(watch -> watch.key().isValid() && watch.file().equals(file)).isPresent()
        ? before.get()
        : new Watched(directory.register(service, KINDS), file);
  }

  /** Watches whether the tree itself appears, disappears or is replaced. */
  public void watchRoot() {
    if (root.getParent() == null) {
      return; // the root of the file system stays
    }
    try {
      entry = Optional.of(watch(root.getParent(), entry));
    } catch (IOException e) {
      entry = Optional.empty(); // the parent is missing too, so only the next search finds the tree
    }
  }

  /**
   * Waits for a change.
   *
   * @return whether there was one
   */
  public boolean await(Duration atMost) throws InterruptedException {
    var key = service.poll(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    var changed = false;
    for (; key != null; key = service.poll()) {
      var events = new ArrayList<>(key.pollEvents());
      key.reset();
      changed |= concerns(key, events);
    }
    return changed;
  }

  private boolean concerns(WatchKey key, List<WatchEvent<?>> events) {
    if (watched.values().stream().anyMatch(directory -> directory.key() == key)) {
      return true;
    }
    return entry.filter(parent -> parent.key() == key).isPresent()
        && events.stream().anyMatch(event -> event.context() == null || names(event.context()));
  }

  private boolean names(Object context) {
    return root.getFileName().equals(context);
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot stop watching " + root, e);
    }
  }
}
