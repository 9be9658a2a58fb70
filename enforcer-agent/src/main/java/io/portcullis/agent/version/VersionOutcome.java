package io.portcullis.agent.version;

/** What became of records that were read. */
public sealed interface VersionOutcome {

  /** No marker has closed the records yet. */
  record Incomplete() implements VersionOutcome {}

  /** The records make a version that is verified. */
  record Verified(Version version) implements VersionOutcome {}

  /** The topic must be read again from its beginning before anything can be said. */
  record Restore(String reason) implements VersionOutcome {}

  /**
   * The records make no version that may be enforced; the last one stays.
   *
   * @param number of the version, 0 where it cannot be read
   */
  record Refused(long number, Reason reason, String detail) implements VersionOutcome {
    @Override
    public String toString() {
      return "version " + number + " is refused: " + detail;
    }
  }

  /** Why a version is refused. */
  enum Reason {
    /** The digest of the rule set is not the one that its marker names. */
    DIGEST,
    /** A record or the marker cannot be read. */
    BROKEN,
    /** A record refers to one that is not there. */
    DANGLING,
    /** A newer one was verified before, or another one of the same number. */
    OLDER,
    /** The marker was written to another topic. */
    FOREIGN
  }
}
