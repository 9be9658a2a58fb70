package io.portcullis.lab;

import io.portcullis.lab.probe.ProbeTiming;
import io.portcullis.lab.probe.ProbedPorts;
import io.portcullis.lab.probe.Prober;
import io.portcullis.lab.probe.Reachability;
import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.state.Cluster;
import java.util.Set;

/** Probes all pairs of a lab and compares the outcome with what the policies say. */
final class LabCheck {
  private LabCheck() {}

  /** Sends real packets between all sites of a state and reports who reached whom. */
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
