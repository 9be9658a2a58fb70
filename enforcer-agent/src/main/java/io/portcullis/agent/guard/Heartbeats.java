package io.portcullis.agent.guard;

import java.util.Optional;

/**
 * What came of one shard after another. The first beat of a shard says nothing, as it may be an old
 * one; each other value after it is a sign of life. Any thread may ask.
 */
final class Heartbeats {
  private int shard = -1;
  private Optional<Heartbeat> last = Optional.empty();
  private volatile long changes;
  private volatile long changedMicros;

  /** One that came; one thread calls it. */
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

  /** How often it changed. */
  long changes() {
    return changes;
  }

  /** When it changed last, microseconds since 1970 by this machine; 0 before the first change. */
  long changedMicros() {
    return changedMicros;
  }
}
