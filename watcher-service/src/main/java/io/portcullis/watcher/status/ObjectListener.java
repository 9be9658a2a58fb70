package io.portcullis.watcher.status;

import io.portcullis.cluster.ObjectKey;

/** Is told of each object that an API server shows, by the thread that reads the source. */
public interface ObjectListener {

  /**
   * Tells that the server shows an object.
   *
   * @param status what the object should say of itself, and what it says already
   */
  void shown(ObjectKey key, StatusConditions status);

  /** Tells that the server has an object no longer. */
  void gone(ObjectKey key);
}
