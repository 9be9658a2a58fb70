package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.status.StatusConditions;
import java.util.EnumSet;
import java.util.Set;

/** What readers of an API server tell, in its order for each kind. */
sealed interface InformerEvent {

  /**
   * An object as it is now.
   *
   * @param verdict what is to be said of it
   */
  record Seen(Kind kind, ApiObject object, StatusConditions verdict) implements InformerEvent {}

  /** It is not there any more. */
  record Gone(Kind kind, ObjectKey key) implements InformerEvent {}

  /**
   * All that there was of a kind has been told.
   *
   * @param round that was the reader's when it began to list
   */
  record Listed(Kind kind, long round) implements InformerEvent {}

  /** A kind is read again, or for the first time. */
  record Working(Kind kind) implements InformerEvent {}

  /** A kind cannot be read. */
  record Failing(Kind kind, String reason) implements InformerEvent {}

  /** The server has answered, with the kinds that it has. */
  record Answered(Set<Kind> served) implements InformerEvent {
    public Answered {
      served = served.isEmpty() ? Set.of() : EnumSet.copyOf(served);
    }
  }

  /** The server does not answer. */
  record Silent(String reason) implements InformerEvent {}
}
