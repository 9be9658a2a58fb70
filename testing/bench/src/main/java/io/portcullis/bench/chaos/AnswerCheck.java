package io.portcullis.bench.chaos;

import io.portcullis.ruleset.Applied;
import java.util.ArrayList;
import java.util.List;

/** Compares what a node's agent answered with the log of its versions and of wide sets. */
public final class AnswerCheck {
  private AnswerCheck() {}

  /**
   * Returns where the answers contradict the log or each other.
   *
   * @param node the node
   * @param answers the answers in the order of their topic
   * @param log the node's versions
   */
  public static List<String> wrong(String node, List<Applied> answers, NodeVersions log) {
    var wrong = new ArrayList<String>();
    var last = 0L;
    for (var answer : answers) {
      if (answer.version() == 0) {
        continue; // the kernel had no version yet
      }
      if (!isOfLog(answer, log)) {
        wrong.add(node + ": its agent reported a version that is not in history: " + answer);
      }
      for (var wide : answer.wide()) {
        if (!has(log, wide)) {
          wrong.add(node + ": its agent reported a wide set that is not in history: " + wide);
        }
      }
      if (answer.kernelDigest().filter(digest -> !digest.equals(answer.digest())).isPresent()) {
        wrong.add(node + ": its agent reported a kernel with other rules: " + answer);
      }
      if (answer.version() < last) {
        wrong.add(node + ": its agent went back from version " + last + ": " + answer);
      }
      last = answer.version();
    }
    return wrong;
  }

  /**
   * Tells whether the log has the version with the answer's digest. The digest may be the node's
   * own, or that of the node with its wide sets, which is all that an agent knows from reading the
   * kernel.
   */
  private static boolean isOfLog(Applied answer, NodeVersions log) {
    var version = log.log().versions().get(answer.version());
    return version != null
        && (version.marker().digest().equals(answer.digest())
            || answer.wide().isEmpty()
                && log.holds(
                    new Timeline.Stamped(
                        answer.version(), answer.digest(), answer.committedMicros())));
  }

  private static boolean has(NodeVersions log, Applied.Wide wide) {
    return log.set(wide.set())
        .map(set -> set.versions().get(wide.version()))
        .filter(version -> version.marker().digest().equals(wide.digest()))
        .isPresent();
  }
}
