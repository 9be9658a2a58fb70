package io.portcullis.watcher.source;

import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting.Unreadable;
import java.util.List;

/**
 * What a source says of itself as a whole, not of one object.
 *
 * @param unreadable parts of it that may hold any object
 * @param warnings that its reader should know
 */
public record Remarks(List<Unreadable> unreadable, List<Problem> warnings) {
  /** A source that can be read everywhere, with nothing to warn of. */
  public static final Remarks NONE = new Remarks(List.of(), List.of());

  public Remarks {
    unreadable = List.copyOf(unreadable);
    warnings = List.copyOf(warnings);
  }
}
