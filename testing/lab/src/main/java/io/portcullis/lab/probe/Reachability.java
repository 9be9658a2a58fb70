package io.portcullis.lab.probe;

import io.portcullis.policy.explain.Explainer;
import io.portcullis.policy.explain.Explanation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who reached whom, beside what the policies say.
 *
 * @param seen every probe with its outcome, in the order of the sites
 * @param mismatches the probes whose outcome is not what the policies say
 */
public record Reachability(Map<Probe, Outcome> seen, List<Mismatch> mismatches) {

  /** A probe whose outcome is not what the policies say. */
  public record Mismatch(Probe probe, Explanation expected, Outcome seen) {

    /** Returns one line: from, to, port and family, what was expected and why, what was seen. */
    public String text() {
      return "%s %s: expected %s (egress: %s; ingress: %s), seen: %s"
          .formatted(
              probe,
              "IP" + probe.destination().family().suffix(),
              expected.verdict().name().toLowerCase(java.util.Locale.ROOT),
              expected.egress().reason(),
              expected.ingress().reason(),
              seen.text());
    }
  }

  public Reachability {
    seen = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(seen));
    mismatches = List.copyOf(mismatches);
  }

  /** Probes all pairs of the sites on all ports. */
  public static Reachability probe(
      Collection<Site> sites,
      Collection<Integer> ports,
      Explainer policies,
      Prober.Servers servers,
      ProbeTiming timing)
      throws InterruptedException {
    var tried = Prober.run(Probe.all(sites, ports), policies::allows, servers, timing);
    return new Reachability(
        tried.seen(),
        tried.differing().stream()
            .map(
                probe ->
                    new Mismatch(probe, policies.explain(probe.flow()), tried.seen().get(probe)))
            .toList());
  }
}
