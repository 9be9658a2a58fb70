package io.portcullis.manifest;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The manifest files under a root, including its subdirectories. Links are followed, and each real
 * file and directory is taken once.
 *
 * @param files by name relative to the root, with slashes
 * @param unreadable why directories cannot be searched, by name with a slash at its end
 * @param directories all whose entries can change the result
 */
public record ManifestFiles(
    SortedMap<String, Path> files,
    SortedMap<String, String> unreadable,
    SortedSet<Path> directories) {
  private static final List<String> EXTENSIONS = List.of(".yaml", ".yml", ".json");

  /**
   * The beginnings of names that are no manifests: the data of a mounted ConfigMap, whose files are
   * linked elsewhere, an editor's lock, and file attributes of another system.
   */
  private static final List<String> NO_MANIFESTS = List.of("..", ".#", "._");

  public ManifestFiles {
    files = Collections.unmodifiableSortedMap(files);
    unreadable = Collections.unmodifiableSortedMap(unreadable);
    directories = Collections.unmodifiableSortedSet(directories);
  }

  /**
   * Searches a directory. A root that is a file is taken whatever its name.
   *
   * @throws IOException when the root does not exist or cannot be read
   */
  public static ManifestFiles under(Path root) throws IOException {
    if (!Files.exists(root)) {
      throw new NoSuchFileException(root.toString(), null, "no such file or directory");
    }
    var search = new Search();
    if (Files.isDirectory(root)) {
      search.directory(root, "");
    } else {
      search.file(root, root.getFileName().toString());
    }
    return new ManifestFiles(search.files, search.unreadable, search.directories);
  }

  private static final class Search {
    final SortedMap<String, Path> files = new TreeMap<>();
    final SortedMap<String, String> unreadable = new TreeMap<>();
    final SortedSet<Path> directories = new TreeSet<>();
    private final Set<Path> seen = new HashSet<>();

    void directory(Path directory, String prefix) throws IOException {
      var real = directory.toRealPath();
      if (!seen.add(real)) {
        return;
      }
      directories.add(real);
      for (var entry : entries(directory)) {
        var name = entry.getFileName().toString();
        if (NO_MANIFESTS.stream().anyMatch(name::startsWith)) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          subdirectory(entry, prefix + name + "/");
        } else if (EXTENSIONS.stream().anyMatch(name::endsWith)) {
          file(entry, prefix + name);
        }
      }
    }

    private void subdirectory(Path directory, String prefix) {
      try {
        directory(directory, prefix);
      } catch (NoSuchFileException e) {
        files.keySet().removeIf(name -> name.startsWith(prefix)); // removed meanwhile
      } catch (IOException e) {
        unreadable.put(prefix, reason(e));
      }
    }

    void file(Path file, String name) {
      try {
        var real = file.toRealPath();
        if (seen.add(real)) {
          files.put(name, file);
          directories.add(real.getParent());
        }
      } catch (IOException e) {
        files.put(name, file); // reading it will report the reason
      }
    }

    private static List<Path> entries(Path directory) throws IOException {
      var entries = new ArrayList<Path>();
      try (var stream = Files.newDirectoryStream(directory)) {
        stream.forEach(entries::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      entries.sort(null);
      return entries;
    }
  }

  /** Returns why a file or directory cannot be read, without its path. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or directory";
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case java.nio.file.FileSystemException system when system.getReason() != null ->
          system.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
