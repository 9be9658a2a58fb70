package io.portcullis.cli;

import io.portcullis.manifest.FieldLines;
import io.portcullis.manifest.ManifestReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Finds the lines that messages are about, by reading their files again. */
final class Places {
  private static final Pattern LINE = Pattern.compile("\\bline (\\d+)\\b");
  private static final Pattern OBJECT = Pattern.compile("([^/ ]+)/(?:([^/ ]*)/)?([^/ ]+)");

  private final Map<String, Optional<FieldLines>> files = new HashMap<>();

  /**
   * Returns the line of an object's field.
   *
   * @param object {@code Kind/namespace/name}, or its place in the file
   */
  OptionalInt line(String file, String object, String field) {
    for (var text : new String[] {field, object}) {
      var line = LINE.matcher(text);
      if (line.find()) {
        return OptionalInt.of(Integer.parseInt(line.group(1)));
      }
    }
    var parts = OBJECT.matcher(object);
    if (!parts.matches()) {
      return OptionalInt.empty();
    }
    var namespace = Optional.ofNullable(parts.group(2)).orElse("");
    return files
        .computeIfAbsent(file, Places::read)
        .map(lines -> lines.line(parts.group(1), namespace, parts.group(3), field))
        .orElseGet(OptionalInt::empty);
  }

  /** A file that is gone since, or was standard input, has no lines to point at. */
  private static Optional<FieldLines> read(String file) {
    if (file.equals(ManifestReader.STANDARD_INPUT)) {
      return Optional.empty();
    }
    try {
      return Optional.of(FieldLines.of(ManifestReader.bytes(Path.of(file))));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
