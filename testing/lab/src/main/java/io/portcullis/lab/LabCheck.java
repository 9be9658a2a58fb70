package io.portcullis.lab;

import io.portcullis.lab.probe.ProbeTiming;
import io.portcullis.lab.probe.ProbedPorts;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Reachability;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.state.Cluster;
import java.util.Set;

/** Probes all pairs of a lab and compares with what the policies say. */
final class LabCheck {
  private LabCheck() {}

  /** Real packets between all sites of that state. */
  static Reachability probe(Lab lab, LabState state, Prober.Servers servers)
      throws InterruptedException {
    return Reachability.probe(
        state.sites(lab.names()),
        ProbedPorts.of(state.objects()),
        new Explainer(new Cluster(state.objects()), Set.of()),
        servers,
        ProbeTiming.DEFAULT);
  }
}
