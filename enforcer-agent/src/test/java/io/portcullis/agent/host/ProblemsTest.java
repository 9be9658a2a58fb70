package io.portcullis.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.host.HostFacts.ForwardChain;
import io.portcullis.agent.host.HostFacts.Tracking;
import io.portcullis.agent.host.Problem.Severity;
import io.portcullis.agent.links.Link;
import io.portcullis.agent.links.Network;
import io.portcullis.agent.links.Route;
import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  private static final List<IpAddress> PODS =
      List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1"));
  private static final Network PLAIN = new Network(List.of(), List.of());
  private static final Network BRIDGED =
      new Network(
          List.of(link(1, "cni0", "bridge"), link(2, "docker0", "bridge")),
          List.of(
              new Route(Cidr.parse("10.0.0.0/24"), 1),
              new Route(Cidr.parse("fd00::/64"), 1),
              new Route(Cidr.parse("172.17.0.0/16"), 2)));

  private static Link link(int index, String name, String kind) {
    return new Link(index, name, kind, false, OptionalInt.empty());
  }

  private static HostFacts facts(String kernel, String nft, Network network, Set<Family> seen) {
    return new HostFacts(
        kernel,
        Optional.of(nft),
        network,
        seen,
        Tracking.ALL,
        Optional.of(List.of()),
        Optional.of(List.of()));
  }

  private static List<Problem> problems(HostFacts facts) {
    return Problems.of(facts, PODS);
  }

  @Test
  void aMachineWithoutBridgesOrIpv6HasNothingWrong() {
    var none = EnumSet.noneOf(Family.class);
    for (var kernel : List.of("5.6.0", "5.15.0-91-generic", "6.18.44", "weird")) {
      for (var nft : List.of("1.0.6", "1.1.0", "2.0")) {
        assertThat(problems(facts(kernel, nft, PLAIN, none))).isEmpty();
      }
    }
    assertThat(Problems.of(facts("6.1.0", "1.0.6", BRIDGED, none), List.of())).isEmpty();
  }

  @Test
  void podsOnABridgeThatSkipsTheHookAreWrongInEachFamily() {
    var none = problems(facts("6.1.0", "1.0.6", BRIDGED, EnumSet.noneOf(Family.class)));
    assertThat(none).extracting(Problem::severity).containsExactly(Severity.WRONG, Severity.WRONG);
    assertThat(none.toString())
        .contains("cni0", "bridge-nf-call-iptables=1", "bridge-nf-call-ip6tables=1")
        .doesNotContain("docker0");
    assertThat(problems(facts("6.1.0", "1.0.6", BRIDGED, EnumSet.of(Family.V4)))).hasSize(1);
    assertThat(problems(facts("6.1.0", "1.0.6", BRIDGED, EnumSet.allOf(Family.class)))).isEmpty();
  }

  @Test
  void ipvsAndOldReleasesAreWrong() {
    var ipvs = new Network(List.of(link(3, "kube-ipvs0", "dummy")), List.of());
    for (var facts :
        List.of(
            facts("6.1.0", "1.0.6", ipvs, Set.of()),
            facts("5.5.19", "1.0.6", PLAIN, Set.of()),
            facts("4.19.0-amd64", "1.0.6", PLAIN, Set.of()),
            facts("6.1.0", "1.0.5", PLAIN, Set.of()),
            facts("6.1.0", "0.9.8", PLAIN, Set.of()),
            new HostFacts(
                "6.1.0",
                Optional.empty(),
                PLAIN,
                Set.of(),
                Tracking.ALL,
                Optional.of(List.of()),
                Optional.of(List.of())))) {
      assertThat(problems(facts)).as(facts.toString()).hasSize(1);
      assertThat(problems(facts).getFirst().severity()).isEqualTo(Severity.WRONG);
      assertThat(problems(facts).getFirst().remedy()).isNotBlank();
    }
  }

  @Test
  void whatOthersDropAndWhatIsNotTrackedIsNoted() {
    var facts =
        new HostFacts(
            "6.1.0",
            Optional.of("1.0.6"),
            PLAIN,
            Set.of(),
            Tracking.ALL_BUT_SCTP,
            Optional.of(
                List.of(
                    new ForwardChain("ip filter FORWARD", 0, true, false),
                    new ForwardChain("inet early forward", -10, false, true),
                    new ForwardChain("inet late forward", 10, false, true),
                    new ForwardChain("inet idle forward", -10, false, false))),
            Optional.of(List.of()));
    assertThat(problems(facts)).extracting(Problem::severity).containsOnly(Severity.NOTE);
    assertThat(problems(facts).toString())
        .contains("SCTP", "FORWARD", "early")
        .doesNotContain("late", "idle");
  }
}
