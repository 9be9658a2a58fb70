package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;

/** What a transaction does to one key of the cluster topic. */
sealed interface Change {

  /** Writes an object. */
  record Put(ClusterObject object, byte[] value) implements Change {}

  /**
   * Removes an object.
   *
   * @param origin of the object, with the time of its removal, as JSON
   */
  record Remove(ObjectKey key, byte[] origin) implements Change {}

  /** Removes a record that cannot be read. */
  record RemoveUnreadable(String key) implements Change {}
}
