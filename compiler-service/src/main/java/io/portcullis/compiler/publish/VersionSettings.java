package io.portcullis.compiler.publish;

import io.portcullis.policy.rules.WideSetPolicy;
import java.time.Duration;

/**
 * How versions are written.
 *
 * @param grace how long the topics of a node outlast the node
 * @param widePolicy decides which sets are published once for many nodes
 * @param build this compiler's build, which every marker names
 */
public record VersionSettings(
    History history, Duration grace, WideSetPolicy widePolicy, String build) {

  /**
   * How much of the past is kept.
   *
   * @param window how long commits are kept
   * @param bytes about how much of the broker's disk commits take
   * @param commitsPerSnapshot after how many commits, at the earliest, a node's whole content is
   *     committed
   */
  public record History(Duration window, long bytes, int commitsPerSnapshot) {

    /** Returns after how long a node's whole content is committed again, well within the window. */
    Duration maxSnapshotAge() {
      return window.dividedBy(4);
    }
  }
}
