package io.portcullis.lab.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.lab.probe.Outcome;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.Reachability;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the words and signs of the table of who reaches whom. */
class MatrixTest {
  private static final List<Integer> PORTS = List.of(80, 443, 9999);

  @Test
  void allPortsOfOneFamilyAreNoListOfPorts() {
    var lines = lines(pods(2), probe -> probe.destination().family() == Family.V4);

    assertThat(lines.get(1)).isEqualTo("d/p0       .        all(v4)");
  }

  @Test
  void allPortsOfOneProtocolAreNoListOfPorts() {
    var lines = lines(pods(2), probe -> probe.protocol() == Protocol.UDP);

    assertThat(lines.get(1)).isEqualTo("d/p0       .        udp/all");
  }

  @Test
  void portsOfTheOtherFamilyAreListedBesideAWholeOne() {
    var lines =
        lines(pods(2), probe -> probe.destination().family() == Family.V4 || isTcp(probe, 80, 443));

    assertThat(lines.get(1)).endsWith("  all(v4) tcp/80,443(v6)");
  }

  @Test
  void tablesThatAreTooWideForWordsHaveSigns() {
    var lines = lines(pods(24), probe -> isTcp(probe, 80, 443));

    assertThat(lines).hasSize(26).allMatch(line -> line.length() <= 160);
    assertThat(lines.get(1)).startsWith("1 d/p0").contains("~");
    assertThat(lines.getLast()).isEqualTo("+ all ports, ~ some, - none");
  }

  private static boolean isTcp(Probe probe, int... ports) {
    return probe.protocol() == Protocol.TCP
        && IntStream.of(ports).anyMatch(port -> port == probe.port());
  }

  private static List<Site> pods(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Site.pod(
                    "d/p" + i,
                    "p" + i,
                    List.of(IpAddress.parse("10.0.0." + i), IpAddress.parse("fd00::" + i))))
        .toList();
  }

  private static List<String> lines(List<Site> sites, Predicate<Probe> reached) {
    var seen = new LinkedHashMap<Probe, Outcome>();
    for (var probe : Probe.all(sites, PORTS)) {
      seen.put(probe, reached.test(probe) ? new Outcome.Answered() : new Outcome.Silent());
    }
    return Matrix.lines(new Reachability(seen, List.of()));
  }
}
