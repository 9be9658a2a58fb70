package io.portcullis.bench.chaos;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.lab.probe.Probe;
import io.portcullis.net.Family;
import io.portcullis.net.Protocol;
import io.portcullis.oracle.Oracle;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What policies allow from one pod to another, whichever addresses these have later. */
final class PodVerdicts {
  private final Map<Question, Boolean> allowed = new HashMap<>();

  private record Question(String from, String to, Family family, Protocol protocol, int port) {
    static Question of(Probe probe) {
      return new Question(
          probe.from().name(),
          probe.to().name(),
          probe.source().family(),
          probe.protocol(),
          probe.port());
    }
  }

  /**
   * Asks the oracle.
   *
   * @param objects with the addresses of the probes
   */
  PodVerdicts(Collection<ClusterObject> objects, Collection<Probe> probes) {
    var oracle = new Oracle(objects, Set.of());
    probes.forEach(probe -> allowed.put(Question.of(probe), oracle.allowed(probe.flow())));
  }

  /** Tells whether its ends may reach each other, by their names alone. */
  boolean allow(Probe probe) {
    return allowed.get(Question.of(probe));
  }
}
