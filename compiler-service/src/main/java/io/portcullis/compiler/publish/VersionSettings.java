package io.portcullis.compiler.publish;

import java.time.Duration;

/**
 * How versions are written.
 *
 * @param historyWindow how long commits are kept
 * @param commitsPerSnapshot after so many commits a node's whole content is committed
 * @param build of this compiler, named in every marker
 */
public record VersionSettings(Duration historyWindow, int commitsPerSnapshot, String build) {

  /** A node's whole content is written again after so long, well inside of the window. */
  Duration snapshotAge() {
    return historyWindow.dividedBy(4);
  }
}
