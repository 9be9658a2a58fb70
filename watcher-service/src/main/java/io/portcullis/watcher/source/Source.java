package io.portcullis.watcher.source;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.sighting.Problem;
import io.portcullis.watcher.status.Rollout.Reach;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where cluster objects come from; used by one thread. */
public interface Source extends AutoCloseable {

  /** Waits for the next event, at most so long. */
  Optional<SourceEvent> next(Duration atMost) throws InterruptedException;

  /** Whether this process is the one that publishes; who is not changes nothing at the source. */
  default void own(boolean isOwner) {}

  /**
   * Looks at all of it once more, where what was told may be behind what is there without anybody's
   * knowing: a connection can break in silence.
   *
   * @return tells whether that is done, and all that came of it has been told
   */
  default BooleanSupplier lookAgain() {
    return () -> true;
  }

  /** Whom to tell what becomes of objects, where the source has a place for that. */
  default Optional<Told> told() {
    return Optional.empty();
  }

  /** Is told what becomes of the source's objects, by any thread. */
  interface Told {

    /**
     * Which nodes hold an object.
     *
     * @param form of the object that they hold, or do not hold yet
     */
    void reached(ObjectKey key, Origin form, Reach reach);

    /**
     * What policies mean that other objects do not have.
     *
     * @param all that is so now
     */
    void unmet(Map<ObjectKey, Unmet> all);

    /**
     * Of one policy.
     *
     * @param form of the object that it is told of
     */
    record Unmet(Origin form, List<Problem> problems) {
      public Unmet {
        problems = List.copyOf(problems);
      }
    }
  }

  /** As people know it: a directory, a cluster's address. */
  String name();

  @Override
  void close();
}
