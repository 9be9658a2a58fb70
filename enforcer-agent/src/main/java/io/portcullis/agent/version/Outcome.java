package io.portcullis.agent.version;

/** What became of records that came. */
public sealed interface Outcome {

  /** No marker has closed them yet. */
  record Incomplete() implements Outcome {}

  /** They make this version. */
  record Verified(Version version) implements Outcome {}

  /** They must be read again from the beginning of the topic before anything is said of them. */
  record Restore(String reason) implements Outcome {}

  /**
   * They make no version that may be enforced; the last one stays.
   *
   * @param number of the version, 0 where it cannot be read
   */
  record Refused(long number, Reason reason, String detail) implements Outcome {
    @Override
    public String toString() {
      return "version " + number + " is refused: " + detail;
    }
  }

  /** Why a version is refused. */
  enum Reason {
    /** The rule set has not the digest that its marker names. */
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
