package io.portcullis.policy.lint;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.policy.explain.RuleText;
import java.util.Collection;
import java.util.Comparator;

/** Names selectors and pods in texts that do not grow with the cluster. */
final class Words {
  private Words() {}

  static String of(LabelSelector selector) {
    return RuleText.labels(selector);
  }

  /** Returns the names of the first pods and how many more there are. */
  static String pods(Collection<Pod> pods) {
    return RuleText.listed(
        pods.stream().map(Pod::key).sorted(Comparator.naturalOrder()).toList(),
        key -> key.namespace() + "/" + key.name(),
        ", ");
  }
}
