package io.portcullis.lab.manifests;

import io.portcullis.watcher.manifest.ManifestFiles;
import io.portcullis.watcher.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the derived directory equal to what the user's manifests become. Used by one thread.
 *
 * <p>Each file is written beside the directory and renamed into it, so that the watcher never sees
 * half of one. A file or directory that cannot be read keeps its last derived form; a root that is
 * gone keeps all of them.
 */
public final class ManifestMirror implements AutoCloseable {
  private final Path root;
  private final Path derived;
  private final Path beside;
  private final WatchService events;
  private final Map<Path, WatchKey> watched = new HashMap<>();
  private final Derivation derivation = new Derivation();
  private final SortedMap<String, byte[]> written = new TreeMap<>();
  private final SortedMap<String, byte[]> lastRead = new TreeMap<>();

  /**
   * @param root the user's directory or file
   * @param derived made anew
   * @param beside a directory on the same file system, for files that are being written
   */
  public ManifestMirror(Path root, Path derived, Path beside) throws IOException {
    this.root = root;
    this.derived = derived;
    this.beside = beside;
    this.events = root.getFileSystem().newWatchService();
    Files.createDirectories(derived);
    Files.createDirectories(beside);
  }

  /**
   * Waits for a change under the root.
   *
   * @return whether there was one
   */
  public boolean await(Duration atMost) throws InterruptedException {
    try {
      var key = events.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (key == null) {
        return false;
      }
      for (var more = key; more != null; more = events.poll()) {
        more.pollEvents();
        more.reset();
      }
      return true;
    } catch (ClosedWatchServiceException _) {
      return false;
    }
  }

  /**
   * Reads all of the user's files and writes what changed.
   *
   * @return what could not be read, a line each
   */
  public List<String> sync() throws IOException {
    var problems = new ArrayList<String>();
    ManifestFiles found;
    try {
      found = watchedFiles();
    } catch (IOException e) {
      problems.add(root + ": " + ManifestFiles.reason(e) + "; the last manifests stay in force");
      watched.values().forEach(WatchKey::cancel);
      watched.clear();
      return problems;
    }
    var files = new TreeMap<String, byte[]>();
    found.files().forEach((name, path) -> read(name, path, files, problems));
    found
        .unreadable()
        .forEach(
            (directory, reason) -> {
              problems.add(directory + ": " + reason);
              lastRead.forEach(
                  (name, bytes) -> {
                    if (name.startsWith(directory)) {
                      files.put(name, bytes);
                    }
                  });
            });
    lastRead.clear();
    lastRead.putAll(files);
    write(derivation.derive(files));
    return problems;
  }

  /** Watches every directory before its files are read. */
  private ManifestFiles watchedFiles() throws IOException {
    while (true) {
      var found = ManifestFiles.under(root);
      var unwatched =
          found.directories().stream().filter(directory -> !isWatched(directory)).toList();
      if (unwatched.isEmpty()) {
        return found;
      }
      for (var directory : unwatched) {
        watched.put(
            directory,
            directory.register(
                events,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE));
      }
    }
  }

  private boolean isWatched(Path directory) {
    return watched.containsKey(directory) && watched.get(directory).isValid();
  }

  private void read(
      String name, Path path, SortedMap<String, byte[]> files, List<String> problems) {
    try {
      files.put(name, ManifestReader.bytes(path));
    } catch (java.nio.file.NoSuchFileException _) {
      return; // gone since the directory was listed
    } catch (IOException e) {
      problems.add(name + ": " + ManifestFiles.reason(e));
      if (lastRead.containsKey(name)) {
        files.put(name, lastRead.get(name));
      }
    }
  }

  private void write(SortedMap<String, byte[]> wanted) throws IOException {
    for (var file : wanted.entrySet()) {
      if (!Arrays.equals(file.getValue(), written.get(file.getKey()))) {
        var temporary = beside.resolve("manifest");
        var target = derived.resolve(file.getKey());
        Files.createDirectories(target.getParent());
        Files.write(temporary, file.getValue());
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        written.put(file.getKey(), file.getValue());
      }
    }
    for (var name : List.copyOf(written.keySet())) {
      if (!wanted.containsKey(name)) {
        Files.deleteIfExists(derived.resolve(name));
        written.remove(name);
      }
    }
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
