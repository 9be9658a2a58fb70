package io.portcullis.watcher.kubernetes;

import java.util.List;
import java.util.Optional;

/** What an API server answers when it is asked in which versions it has a kind. */
sealed interface Discovered {

  /**
   * The server has the kind.
   *
   * @param apiVersions those that are known, newest first
   */
  record Served(List<String> apiVersions) implements Discovered {
    public Served {
      apiVersions = List.copyOf(apiVersions);
    }
  }

  /** The server does not say what it has in the kind's group. */
  record Refused(String reason) implements Discovered {}

  /**
   * The server shows the kind in no version that is known.
   *
   * @param others the versions in which it shows the kind
   * @param definition of the kind, if it was asked for this time
   */
  record Missing(List<String> others, Optional<Definition> definition) implements Discovered {
    public Missing {
      others = List.copyOf(others);
    }
  }

  /** The kind is another one's earlier API, so it is not read beside that one (L7). */
  record Superseded() implements Discovered {}

  /** What an API server answers when it is asked for the definition of a kind. */
  sealed interface Definition {

    /**
     * The definition is there.
     *
     * @param served the versions that it says are served
     */
    record There(List<String> served) implements Definition {
      public There {
        served = List.copyOf(served);
      }
    }

    /** There is no such definition. */
    record Gone() implements Definition {}

    /** The server does not say whether there is one. */
    record Refused(String reason) implements Definition {}
  }
}
