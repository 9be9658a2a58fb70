package io.portcullis.history;

import java.util.Optional;

/**
 * The newest version of a node or of a wide set, and where it stands in history; the record of
 * {@code portcullis.progress} under {@code node/} and the node's name, or {@code set/} and the id.
 *
 * @param commit an offset in history: the first commit of the node that is not before it is this
 *     version's
 * @param snapshot likewise of the newest snapshot
 * @param sinceSnapshot how many commits came after that
 * @param recordsSinceSnapshot how many records these changed
 * @param snapshotMicros when the snapshot was made, microseconds since 1970
 * @param gone since when the cluster does not have the node; history is kept all the same
 */
public record NodePosition(
    long version,
    String digest,
    int records,
    long compiledMicros,
    long commit,
    long snapshot,
    int sinceSnapshot,
    long recordsSinceSnapshot,
    long snapshotMicros,
    Optional<Gone> gone) {
  static final String PREFIX = "node/";

  /** What the names of wide sets begin with, and no node's. */
  public static final String OF_SETS = "set/";

  /**
   * @param sinceMicros by the compiler's clock, microseconds since 1970
   * @param beatMicros by the watcher's clock, which stands still while the source is lost
   * @param deleted whether the node's topics are deleted
   */
  public record Gone(long sinceMicros, long beatMicros, boolean deleted) {}

  /** Returns the key of its record. */
  public static String key(String name) {
    return name.startsWith(OF_SETS) ? name : PREFIX + name;
  }

  /** Tells whether history has the version. */
  public boolean hasHistory() {
    return snapshot != Commit.NONE;
  }

  /** Returns this position as that of a node that is gone. */
  public NodePosition with(Gone since) {
    return with(commit, snapshot, Optional.of(since));
  }

  /** Returns this position as that of a node that is there. */
  public NodePosition present() {
    return with(commit, snapshot, Optional.empty());
  }

  /** Returns this position after history was lost. */
  public NodePosition withoutHistory() {
    return with(Commit.NONE, Commit.NONE, gone);
  }

  private NodePosition with(long newCommit, long newSnapshot, Optional<Gone> newGone) {
    return new NodePosition(
        version,
        digest,
        records,
        compiledMicros,
        newCommit,
        newSnapshot,
        sinceSnapshot,
        recordsSinceSnapshot,
        snapshotMicros,
        newGone);
  }
}
