package io.portcullis.watcher.status;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.watcher.publish.KindReport;
import io.portcullis.watcher.source.MissingPorts;
import io.portcullis.watcher.status.Rollout.Reach;
import java.util.List;
import java.util.Map;

/** Receives what becomes of a source's objects, from any thread. */
public interface StatusSink extends AutoCloseable {

  /** Tells whether this process publishes. Nothing is written at the source unless it does. */
  void own(boolean isOwner);

  /**
   * Tells which nodes hold an object.
   *
   * @param form of the object that they hold, or do not hold yet
   */
  void reached(ObjectKey key, Origin form, Reach reach);

  /**
   * Tells which policies name ports that no pod has.
   *
   * @param all of those policies; one that is left out lacks nothing any more
   */
  void missingPorts(Map<ObjectKey, MissingPorts> all);

  /**
   * Tells what is in force of refused objects.
   *
   * @param all of those objects, with the words that are used everywhere
   */
  void inForce(Map<ObjectKey, String> all);

  /** Tells all that operators must know of kinds that cannot be read, or are gone. */
  void kinds(List<KindReport> reports);

  @Override
  void close();
}
