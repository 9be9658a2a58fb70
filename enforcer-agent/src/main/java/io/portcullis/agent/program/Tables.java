package io.portcullis.agent.program;

import io.portcullis.nft.Stamp;
import java.util.Optional;

/**
 * Our tables in the kernel.
 *
 * @param live the one that enforces, if it is there
 * @param swap whether there is one that an earlier change left behind; it enforces too
 */
public record Tables(Optional<Live> live, boolean swap) {
  public static final Tables NONE = new Tables(Optional.empty(), false);

  /**
   * The table that enforces.
   *
   * @param digest of what it holds
   * @param stamp whose version it says that it is
   */
  public record Live(String digest, Optional<Stamp> stamp) {
    /** A table that nft cannot list; it holds no version. */
    public static final Live UNREADABLE = new Live("unreadable", Optional.empty());
  }

  /** Returns a live table alone that holds the version of this stamp. */
  public static Tables holding(Stamp stamp) {
    return new Tables(Optional.of(new Live(stamp.digest(), Optional.of(stamp))), false);
  }
}
