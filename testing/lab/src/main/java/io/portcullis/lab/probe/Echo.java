package io.portcullis.lab.probe;

import io.portcullis.lab.network.NamespaceThreads;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * One ICMP or ICMPv6 echo to try. It needs the capability for raw sockets: without it Java tries a
 * TCP port instead.
 */
public record Echo(Site from, IpAddress source, Site to, IpAddress destination) {
  private static final int PATIENCE_MILLIS = 500;

  /** Returns one echo for each pair of addresses of the probes. */
  public static List<Echo> all(Collection<Probe> probes) {
    return probes.stream()
        .map(probe -> new Echo(probe.from(), probe.source(), probe.to(), probe.destination()))
        .distinct()
        .toList();
  }

  /** Returns the flow that policies decide. */
  public Flow flow() {
    return new Flow(source, destination, Optional.empty());
  }

  /**
   * Tries all echoes at once.
   *
   * @param echoes the echoes
   * @param expected tells which flows are allowed
   * @return the echoes whose outcome is not the expected one
   * @throws IllegalStateException if one cannot be sent
   */
  public static List<Echo> differing(Collection<Echo> echoes, Predicate<Flow> expected)
      throws InterruptedException {
    var answers = new HashMap<Echo, Future<Boolean>>();
    try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
      echoes.forEach(echo -> answers.put(echo, all.submit(echo::isAnswered)));
      var differing = new ArrayList<Echo>();
      for (var echo : echoes) {
        if (answered(answers, echo) != expected.test(echo.flow())) {
          differing.add(echo);
        }
      }
      return differing;
    }
  }

  private static boolean answered(Map<Echo, Future<Boolean>> answers, Echo echo)
      throws InterruptedException {
    try {
      return answers.get(echo).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(echo + " could not be tried: " + e.getMessage(), e);
    }
  }

  private boolean isAnswered() throws InterruptedException, ExecutionException {
    return NamespaceThreads.call(
        "lab-echo",
        () -> {
          NamespaceThreads.enter(from.netns());
          return InetAddress.ofLiteral(destination.toString()).isReachable(PATIENCE_MILLIS);
        });
  }

  @Override
  public String toString() {
    return "%s (%s) -> %s (%s) icmp".formatted(from.name(), source, to.name(), destination);
  }
}
