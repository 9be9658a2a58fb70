package io.portcullis.watcher.source;

import io.portcullis.cluster.KnownKind;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Sighting.Unreadable;
import io.portcullis.validation.Kind;
import java.util.List;
import java.util.Map;

/**
 * What a source says of itself as a whole, not of one object.
 *
 * @param unreadable parts of it that may hold any object
 * @param warnings that its reader should know
 * @param kinds what is known of each kind that an API server may lack; none of them is missing in a
 *     source that names none
 */
public record Remarks(
    List<Unreadable> unreadable, List<Problem> warnings, Map<Kind, KnownKind> kinds) {
  /** A source that can be read everywhere, with nothing to warn of. */
  public static final Remarks NONE = new Remarks(List.of(), List.of());

  public Remarks {
    unreadable = List.copyOf(unreadable);
    warnings = List.copyOf(warnings);
    kinds = Map.copyOf(kinds);
  }

  /** Makes the remarks of a source whose kinds are always there. */
  public Remarks(List<Unreadable> unreadable, List<Problem> warnings) {
    this(unreadable, warnings, Map.of());
  }

  /** Makes the remarks of an API server. */
  public static Remarks ofKinds(Map<Kind, KnownKind> kinds) {
    return new Remarks(List.of(), List.of(), kinds);
  }
}
