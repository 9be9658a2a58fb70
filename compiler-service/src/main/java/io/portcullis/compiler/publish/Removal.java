package io.portcullis.compiler.publish;

import io.portcullis.compiler.versions.Versioned;
import io.portcullis.topic.Transaction;

/**
 * A set that is wide no longer: the nodes that need it have it in their own topics.
 *
 * @param before what the topic holds of it
 */
record Removal(Versioned unit, PublishedVersion before) {

  /** What its records take, in bytes, about. */
  long size() {
    return (long) before.rules().size() * NodeVersion.BYTES_OF_A_RECORD;
  }

  void write(Transaction transaction) {
    before.rules().records().keySet().forEach(key -> remove(transaction, key));
    before.alien().forEach(key -> remove(transaction, key));
    before.marker().ifPresent(_ -> remove(transaction, unit.markerKey()));
  }

  private void remove(Transaction transaction, String key) {
    transaction.remove(unit.topic().name(), unit.partition(), key);
  }
}
