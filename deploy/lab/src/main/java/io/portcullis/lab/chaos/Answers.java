package io.portcullis.lab.chaos;

import io.portcullis.ruleset.Applied;
import java.util.ArrayList;
import java.util.List;

/** What a node's agent answered, beside the log of the node's versions. */
public final class Answers {
  private Answers() {}

  /**
   * Where the answers contradict the log or each other.
   *
   * @param answers in the order of their topic
   */
  public static List<String> wrong(String node, List<Applied> answers, NodeLog log) {
    var wrong = new ArrayList<String>();
    var last = 0L;
    for (var answer : answers) {
      if (answer.version() == 0) {
        continue; // nothing was in the kernel yet
      }
      var version = log.versions().get(answer.version());
      if (version == null || !version.marker().digest().equals(answer.digest())) {
        wrong.add(node + ": its agent answered a version that history has not: " + answer);
      }
      if (answer.kernelDigest().filter(digest -> !digest.equals(answer.digest())).isPresent()) {
        wrong.add(node + ": its agent's kernel held something else: " + answer);
      }
      if (answer.version() < last) {
        wrong.add(node + ": its agent went back from version " + last + ": " + answer);
      }
      last = answer.version();
    }
    return wrong;
  }
}
