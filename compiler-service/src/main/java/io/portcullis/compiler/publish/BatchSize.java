package io.portcullis.compiler.publish;

/**
 * How many versions a shard's next transaction takes: half as many after one that the brokers did
 * not take in time, twice as many after each that they took.
 */
final class BatchSize {
  /** Each node has its own topic, which costs the broker more than what is written to it. */
  private static final int MAX_WRITES = 50;

  private int most = MAX_WRITES;

  int most() {
    return most;
  }

  void late() {
    most = Math.max(1, most / 2);
  }

  void committed() {
    most = Math.min(MAX_WRITES, most * 2);
  }
}
