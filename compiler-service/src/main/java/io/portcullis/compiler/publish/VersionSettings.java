package io.portcullis.compiler.publish;

import io.portcullis.policy.rules.WideSetPolicy;
import java.time.Duration;

/**
 * How versions are written.
 *
 * @param historyWindow how long commits are kept
 * @param historyBytes how much of the broker's disk they take, about
 * @param commitsPerSnapshot after so many commits a node's whole content is committed, at the
 *     earliest
 * @param grace how long the topics of a node outlast it
 * @param width which sets are published once for many nodes
 * @param build of this compiler, named in every marker
 */
public record VersionSettings(
    Duration historyWindow,
    long historyBytes,
    int commitsPerSnapshot,
    Duration grace,
    WideSetPolicy width,
    String build) {

  /** A node's whole content is written again after so long, well inside of the window. */
  Duration snapshotAge() {
    return historyWindow.dividedBy(4);
  }
}
