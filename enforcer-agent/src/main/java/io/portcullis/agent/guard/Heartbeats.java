package io.portcullis.agent.guard;

import java.util.Optional;

/**
 * Counts changes of the heartbeat, over one shard after another. The first heartbeat of a shard
 * says nothing, as it may be an old one; each other value after it is a sign of life. Any thread
 * may ask.
 */
final class Heartbeats {
  private int shard = -1;
  private Optional<Heartbeat> last = Optional.empty();
  private volatile long changes;
  private volatile long changedMicros;

  /** Takes a heartbeat that was read; one thread calls this. */
  void heard(int ofShard, Heartbeat beat, long nowMicros) {
    if (ofShard != shard) {
      shard = ofShard;
      last = Optional.empty();
    }
    var isChange = last.filter(before -> !before.equals(beat)).isPresent();
    last = Optional.of(beat);
    if (isChange) {
      changedMicros = nowMicros;
      changes++; // by this thread alone
    }
  }

  /** Returns how often the heartbeat has changed. */
  long changes() {
    return changes;
  }

  /**
   * Returns when it last changed, by this machine's clock: microseconds since 1970, 0 for never.
   */
  long changedMicros() {
    return changedMicros;
  }
}
