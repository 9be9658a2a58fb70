package io.portcullis.bench.chaos;

import java.time.Duration;
import java.util.Optional;

/** One thing that is done to a lab. */
public sealed interface Action {

  /** Returns the action as progress lines print it. */
  String text();

  /** An action on the lab's programs or kernels, not on its manifests. */
  sealed interface Fault extends Action {}

  /** An action on the manifests. */
  sealed interface Change extends Action {
    /** Returns the file's name under the manifests' root. */
    String file();

    /** Returns the pod that the change may add, remove or move. */
    Optional<Place> place();
  }

  /**
   * Where a pod should run.
   *
   * @param pod the pod, as {@code namespace/name}
   * @param node the node; empty if the pod is removed
   */
  record Place(String pod, Optional<String> node) {}

  /** Kills a program with SIGKILL; the lab restarts it. */
  record Kill(String program) implements Fault {
    @Override
    public String text() {
      return "kill -9 " + program;
    }
  }

  /** Stops a program with SIGSTOP, and continues it after the time with SIGCONT. */
  record Pause(String program, Duration time) implements Fault {
    @Override
    public String text() {
      return "pause " + program + " for " + time.toMillis() + " ms";
    }
  }

  /** Deletes the node's table by hand. */
  record DropTable(String node) implements Fault {
    @Override
    public String text() {
      return "delete the table of " + node;
    }
  }

  /** Boots a node: its tables are gone, and its agent finds another boot id. */
  record Reboot(String node) implements Fault {
    @Override
    public String text() {
      return "reboot " + node;
    }
  }

  /** Boots all nodes at once, and kills every program. */
  record PowerCut() implements Fault {
    @Override
    public String text() {
      return "power cut";
    }
  }

  /** Writes a file by renaming. */
  record Save(String file, String content, Optional<Place> place) implements Change {
    @Override
    public String text() {
      return "save " + file + place.map(p -> " on " + p.node().orElseThrow()).orElse("");
    }
  }

  /** Deletes a file. */
  record Remove(String file, Optional<Place> place) implements Change {
    @Override
    public String text() {
      return "remove " + file;
    }
  }
}
