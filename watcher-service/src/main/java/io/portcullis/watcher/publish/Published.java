package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;

/** Hears what the cluster topic holds, on the worker's thread. */
public interface Published {
  /** Ignores everything. */
  Published NOBODY =
      new Published() {
        @Override
        public void at(ClusterObject object, String topicId, long position) {}

        @Override
        public void gone(ObjectKey key) {}

        @Override
        public void forgotten() {}
      };

  /**
   * The topic holds this form of an object.
   *
   * @param position the offset after the object's record
   */
  void at(ClusterObject object, String topicId, long position);

  /** The topic no longer holds an object. */
  void gone(ObjectKey key);

  /** This process no longer knows what the topic holds. */
  void forgotten();
}
