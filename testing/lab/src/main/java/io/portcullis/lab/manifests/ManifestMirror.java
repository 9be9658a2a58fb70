package io.portcullis.lab.manifests;

import io.portcullis.lab.state.WholeFile;
import io.portcullis.manifest.DirectoryWatches;
import io.portcullis.manifest.ManifestFiles;
import io.portcullis.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the derived directory equal to what the user's manifests become. One thread uses it.
 *
 * <p>Each file is written beside the directory and renamed into it, so that the watcher never sees
 * half of one. A file or directory that cannot be read keeps its last derived form; while the root
 * is gone the derived directory is too, so that the watcher knows of the loss.
 */
public final class ManifestMirror implements AutoCloseable {
  private final Path root;
  private final Path derived;
  private final Path beside;
  private final DirectoryWatches watches;
  private final Derivation derivation = new Derivation();
  private final SortedMap<String, byte[]> written = new TreeMap<>();
  private final SortedMap<String, byte[]> lastRead = new TreeMap<>();
  private final Path hidden;
  private boolean lost;
  private boolean whole;

  /**
   * Creates the mirror.
   *
   * @param root the user's directory or file
   * @param derived the derived directory, which is emptied first
   * @param beside a directory on the same file system, for files while they are written
   */
  public ManifestMirror(Path root, Path derived, Path beside) throws IOException {
    this.root = root;
    this.derived = derived;
    this.beside = beside;
    this.hidden = beside.resolve("lost");
    this.watches = new DirectoryWatches(root);
    Files.createDirectories(derived);
    Files.createDirectories(beside);
  }

  /**
   * Waits for a change under the root, or of the root itself.
   *
   * @return whether something changed
   */
  public boolean await(Duration atMost) throws InterruptedException {
    try {
      return watches.await(atMost);
    } catch (ClosedWatchServiceException _) {
      return false;
    }
  }

  /** Tells whether the root itself is missing, and with it the derived directory. */
  public boolean lost() {
    return lost;
  }

  /**
   * Tells whether everything could be read. If not, the caller has to read again soon, since no
   * event will announce it.
   */
  public boolean whole() {
    return whole;
  }

  /**
   * Reads all of the user's files and writes what changed.
   *
   * @return the files that could not be read, a line each
   */
  public List<String> sync() throws IOException {
    var problems = new ArrayList<String>();
    ManifestFiles found;
    try {
      found = watchedFiles();
    } catch (IOException e) {
      whole = false;
      lose();
      problems.add(root + ": " + ManifestFiles.reason(e) + "; the last manifests stay in force");
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
    whole = problems.isEmpty();
    findAgain();
    return problems;
  }

  /**
   * Deletes the derived directory after all of its files, so that the watcher sees the root
   * disappear.
   */
  private void lose() throws IOException {
    if (!lost) {
      Files.move(derived, hidden, StandardCopyOption.ATOMIC_MOVE);
      lost = true;
    }
  }

  private void findAgain() throws IOException {
    if (lost) {
      Files.move(hidden, derived, StandardCopyOption.ATOMIC_MOVE);
      lost = false;
    }
  }

  /** Watches every directory before its files are read. */
  private ManifestFiles watchedFiles() throws IOException {
    watches.watchRoot();
    var found = ManifestFiles.under(root);
    while (watches.watch(found.directories())) {
      found = ManifestFiles.under(root);
    }
    return found;
  }

  private void read(
      String name, Path path, SortedMap<String, byte[]> files, List<String> problems) {
    try {
      files.put(name, ManifestReader.bytes(path));
    } catch (java.nio.file.NoSuchFileException _) {
      return; // deleted after the directory was listed
    } catch (IOException e) {
      problems.add(name + ": " + ManifestFiles.reason(e));
      if (lastRead.containsKey(name)) {
        files.put(name, lastRead.get(name));
      }
    }
  }

  private void write(SortedMap<String, byte[]> wanted) throws IOException {
    var directory = lost ? hidden : derived;
    for (var file : wanted.entrySet()) {
      if (!Arrays.equals(file.getValue(), written.get(file.getKey()))) {
        var target = directory.resolve(file.getKey());
        Files.createDirectories(target.getParent());
        WholeFile.write(target, beside.resolve("manifest"), file.getValue());
        written.put(file.getKey(), file.getValue());
      }
    }
    for (var name : List.copyOf(written.keySet())) {
      if (!wanted.containsKey(name)) {
        Files.deleteIfExists(directory.resolve(name));
        written.remove(name);
      }
    }
  }

  @Override
  public void close() {
    watches.close();
  }
}
