package io.portcullis.watcher.kubernetes;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.status.StatusConditions;
import java.util.Map;

/** What the readers of an API server report, for each kind in the server's order. */
sealed interface InformerEvent {

  /** Something about one kind. */
  sealed interface OfKind extends InformerEvent {

    /** Returns the kind that it is about. */
    Kind kind();
  }

  /**
   * The server shows an object.
   *
   * @param status what the object should say of itself, and what it says already
   */
  record Seen(Kind kind, ApiObject object, StatusConditions status) implements OfKind {}

  /** The server has an object no longer. */
  record Gone(Kind kind, ObjectKey key) implements OfKind {}

  /**
   * All objects that a list had have been reported.
   *
   * @param round the informer's round when it began to list
   */
  record Listed(Kind kind, long round) implements OfKind {}

  /** A kind is read again, or for the first time. */
  record Working(Kind kind) implements OfKind {}

  /** A kind cannot be read. */
  record Failing(Kind kind, String reason) implements OfKind {}

  /** The server has answered in which versions it has each kind. */
  record Answered(Map<Kind, Discovered> kinds) implements InformerEvent {
    public Answered {
      kinds = Map.copyOf(kinds);
    }
  }

  /** The server does not answer. */
  record Silent(String reason) implements InformerEvent {}
}
