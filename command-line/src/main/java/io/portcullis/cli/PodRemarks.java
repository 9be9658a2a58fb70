package io.portcullis.cli;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.policy.state.Cluster;
import io.portcullis.policy.state.Conflict;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import java.util.ArrayList;
import java.util.List;

/** Finds valid pods on which less is enforced than their author may think. */
public final class PodRemarks {
  private PodRemarks() {}

  /** Returns one remark for each such pod, with the file that holds the pod. */
  public static List<Problem> of(Cluster cluster) {
    var remarks = new ArrayList<Problem>();
    for (var pod : cluster.pods().values()) {
      if (pod.finished() || pod.hostNetwork()) { // T7, T6: intended
        continue;
      }
      if (pod.addresses().isEmpty()) { // T7
        remarks.add(note(pod, "status.podIPs", "no address, so the pod does not count"));
      }
      if (pod.node().isEmpty()) {
        remarks.add(note(pod, "spec.nodeName", "no node, so nothing enforces policies on the pod"));
      }
    }
    cluster.conflicts().forEach(conflict -> remarks.add(lost(cluster, conflict)));
    return remarks;
  }

  private static Problem note(Pod pod, String field, String reason) {
    return new Problem(pod.origin().source(), pod.key().display(), field, reason, Severity.NOTE);
  }

  private static Problem lost(Cluster cluster, Conflict conflict) { // T11
    var owner = cluster.owner(conflict.address()).orElse(conflict.winner());
    return new Problem(
        conflict.loser().origin().source(),
        conflict.loser().key().display(),
        "status.podIPs",
        conflict.address()
            + " is also "
            + owner.key().display()
            + "'s, in "
            + owner.origin().source()
            + ", which counts",
        Severity.WARNING);
  }
}
