package io.portcullis.policy.explain;

import io.portcullis.cluster.Service;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.policy.explain.Answer.Case;
import io.portcullis.policy.explain.Backends.Backend;
import io.portcullis.policy.explain.Explanation.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Gives the verdicts on connections to a Service, one for all pods that have the same verdicts. */
final class ServiceCases {
  private final Service service;
  private final IpAddress asked;
  private final Function<Flow, Explanation> verdicts;

  private record Verdicts(Outcome egress, Outcome ingress) {}

  private record Judged(Backend pod, Case verdict) {}

  ServiceCases(Service service, IpAddress asked, Function<Flow, Explanation> verdicts) {
    this.service = service;
    this.asked = asked;
    this.verdicts = verdicts;
  }

  /** Returns the first case of each pair of verdicts, with the number of pods that have it too. */
  List<Case> of(IpAddress source, List<Backend> pods) {
    var alike = new LinkedHashMap<Verdicts, List<Judged>>();
    for (var pod : pods) {
      var flow = new Flow(source, pod.address(), Optional.of(pod.port()));
      var explanation = verdicts.apply(flow);
      alike
          .computeIfAbsent(
              new Verdicts(explanation.egress().verdict(), explanation.ingress().verdict()),
              _ -> new ArrayList<>())
          .add(new Judged(pod, new Case(flow, explanation)));
    }
    return alike.values().stream().map(this::told).toList();
  }

  private Case told(List<Judged> alike) {
    var first = alike.getFirst();
    var explanation = first.verdict().explanation();
    var more = alike.size() - 1;
    var reason =
        "%s is %s, behind which is %s%s; %s"
            .formatted(
                asked,
                Backends.name(service),
                first.pod().text(),
                more > 0 ? ", and " + more + " more with the same verdict" : "",
                explanation.ingress().reason());
    return new Case(
        first.verdict().flow(),
        Explanation.of(explanation.egress(), explanation.ingress().because(reason)));
  }
}
