package io.portcullis.bench.chaos;

import java.time.Duration;
import java.util.Optional;

/** One thing that is done to a lab. */
public sealed interface Action {

  /** As progress tells it. */
  String text();

  /** It is done to the lab's machinery, not to its manifests. */
  sealed interface Fault extends Action {}

  /** It is done to the manifests. */
  sealed interface Change extends Action {
    /** Under the manifests' root. */
    String file();

    /** The pod whose place it may change. */
    Optional<Place> place();
  }

  /**
   * Where a pod is to be.
   *
   * @param pod {@code namespace/name}
   * @param node absent when the pod goes
   */
  record Place(String pod, Optional<String> node) {}

  /** By SIGKILL; the lab starts it again. */
  record Kill(String program) implements Fault {
    @Override
    public String text() {
      return "kill -9 " + program;
    }
  }

  /** By SIGSTOP, and after so long SIGCONT. */
  record Pause(String program, Duration time) implements Fault {
    @Override
    public String text() {
      return "pause " + program + " for " + time.toMillis() + " ms";
    }
  }

  /** The node's table is deleted by hand. */
  record DropTable(String node) implements Fault {
    @Override
    public String text() {
      return "delete the table of " + node;
    }
  }

  /** A file is written, by renaming. */
  record Save(String file, String content, Optional<Place> place) implements Change {
    @Override
    public String text() {
      return "save " + file + place.map(p -> " on " + p.node().orElseThrow()).orElse("");
    }
  }

  /** A file goes. */
  record Remove(String file, Optional<Place> place) implements Change {
    @Override
    public String text() {
      return "remove " + file;
    }
  }
}
