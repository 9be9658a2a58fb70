package io.portcullis.watcher.publish;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;

/** Is told what the cluster topic holds, and since where; by the worker's thread. */
public interface Published {
  /** For whom nobody waits. */
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
   * @param position the offset behind it
   */
  void at(ClusterObject object, String topicId, long position);

  /** It holds the object no longer. */
  void gone(ObjectKey key);

  /** This process does not know any more what the topic holds. */
  void forgotten();
}
