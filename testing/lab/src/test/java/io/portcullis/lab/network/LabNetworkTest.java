package io.portcullis.lab.network;

import static io.portcullis.lab.network.TestNetwork.in;
import static io.portcullis.lab.network.TestNetwork.node;
import static io.portcullis.lab.network.TestNetwork.pod;
import static io.portcullis.lab.network.TestNetwork.reaches;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the lab's network with real namespaces. */
class LabNetworkTest {
  private static final Topology.Node NODE_1 = node("node-1", "172.18.0.11", "fd00:172:18::11");
  private static final Topology.Node NODE_2 = node("node-2", "172.18.0.12", "fd00:172:18::12");
  private static final Topology.Pod WEB =
      pod("shop/web", "node-1", "10.244.1.5", "fd00:10:244:1::5");
  private static final Topology.Pod DB = pod("shop/db", "node-2", "10.244.2.6", "fd00:10:244:2::6");

  private final Names names = Names.random();
  private final LabNetwork network = new LabNetwork(names);

  @AfterEach
  void close() {
    network.close();
  }

  private static Topology topology(Topology.Pod... pods) {
    return Topology.of(List.of(NODE_1, NODE_2), List.of(pods), Topology.OUTSIDE);
  }

  @Test
  void podsNodesAndOutsideHostsReachEachOtherInBothFamilies() throws Exception {
    network.open();
    assertThat(network.become(topology(WEB, DB))).isEmpty();
    var web = names.pod("shop/web");
    for (var target :
        List.of(
            "10.244.2.6",
            "fd00:10:244:2::6",
            "203.0.113.10",
            "2001:db8:113::10",
            "198.51.100.10",
            "2001:db8:51::10",
            "172.18.0.11",
            "172.18.0.12",
            "fd00:172:18::12")) {
      assertThat(reaches(web, target)).as("%s", target).isTrue();
    }
    assertThat(reaches(names.outside("outside-a"), "10.244.1.5")).as("%s", "10.244.1.5").isTrue();
    assertThat(reaches(names.node("node-1"), "10.244.1.5")).as("%s", "10.244.1.5").isTrue();
    assertThat(reaches(names.node("node-1"), "fd00:10:244:2::6"))
        .as("%s", "fd00:10:244:2::6")
        .isTrue();
  }

  @Test
  void aNodeSpeaksToItsPodsWithItsOwnAddress() throws Exception {
    network.open();
    network.become(topology(WEB));
    assertThat(in(names.node("node-1"), "", "ip", "route", "get", "10.244.1.5"))
        .contains("src 172.18.0.11");
    assertThat(in(names.node("node-1"), "", "ip", "route", "get", "fd00:10:244:1::5"))
        .contains("src fd00:172:18::11");
  }

  @Test
  void whatANodeForwardsNeverGetsToTheManagementNetwork() throws Exception {
    var management = network.open();
    network.become(topology(WEB));
    assertThat(reaches(names.node("node-1"), management.kafka()))
        .as("%s", management.kafka())
        .isTrue();
    assertThat(reaches(names.management(), network.nodeAddress("node-1")))
        .as("%s", network.nodeAddress("node-1"))
        .isTrue();
    assertThat(reaches(names.pod("shop/web"), management.kafka())).isFalse();
  }

  @Test
  void aPodThatMovesTakesItsNameAndAddressAlong() throws Exception {
    network.open();
    network.become(topology(WEB, DB));
    network.become(topology(pod("shop/web", "node-2", "10.244.1.5"), DB));
    assertThat(reaches(names.pod("shop/db"), "10.244.1.5")).as("%s", "10.244.1.5").isTrue();
    network.become(topology(pod("shop/other", "node-1", "10.244.1.5"), DB));
    assertThat(reaches(names.pod("shop/db"), "10.244.1.5")).as("%s", "10.244.1.5").isTrue();
    assertThat(Ip.namespaces(names.prefix() + "pod."))
        .containsExactly(names.pod("shop/db"), names.pod("shop/other"));
  }

  @Test
  void aPodThatCannotBeMadeHarmsOnlyItself() throws Exception {
    network.open();
    var failed = network.become(topology(WEB, pod("shop/odd", "node-1", "ff02::9"), DB));
    assertThat(failed).containsOnlyKeys("shop/odd");
    assertThat(reaches(names.pod("shop/web"), "10.244.2.6")).as("%s", "10.244.2.6").isTrue();
  }

  @Test
  void nodesComeAndGoWithTheirPods() throws Exception {
    network.open();
    network.become(topology(WEB, DB));
    network.become(Topology.of(List.of(NODE_1), List.of(WEB), Topology.OUTSIDE));
    assertThat(Ip.namespaces(names.prefix() + "node.")).containsExactly(names.node("node-1"));
    network.become(topology(WEB, DB));
    assertThat(reaches(names.pod("shop/web"), "fd00:10:244:2::6"))
        .as("%s", "fd00:10:244:2::6")
        .isTrue();
  }

  @Test
  void twoLabsStandSideBySide() throws Exception {
    try (var other = new LabNetwork(Names.random())) {
      var one = network.open();
      var two = other.open();
      assertThat(two.block()).isNotEqualTo(one.block());
      network.become(topology(WEB, DB));
      other.become(topology(WEB, DB));
      assertThat(reaches(names.pod("shop/web"), "10.244.2.6")).as("%s", "10.244.2.6").isTrue();
    }
    assertThat(reaches(names.pod("shop/web"), "10.244.2.6")).as("%s", "10.244.2.6").isTrue();
  }

  @Test
  void nothingIsLeftBehind() {
    var block = network.open();
    network.become(topology(WEB, DB));
    network.close();
    assertThat(Ip.namespaces(names.prefix())).isEmpty();
    assertThat(java.nio.file.Path.of("/sys/class/net", block.link())).doesNotExist();
    assertThatThrownBy(() -> network.become(topology(WEB))).hasMessageContaining("shutting down");
  }

  @Test
  void aThreadEntersOnlyWhatIsThere() {
    assertThatThrownBy(
            () ->
                NamespaceThreads.call(
                    "test",
                    () -> {
                      NamespaceThreads.enter(names.pod("no/such"));
                      return null;
                    }))
        .hasRootCauseMessage("cannot open the namespace " + names.pod("no/such") + ": errno 2");
  }

  @Test
  void namesOfPodsAreReadableAndSafe() {
    assertThat(names.pod("shop/web")).isEqualTo(names.prefix() + "pod.shop.web");
    assertThat(
            Stream.of("shop/w b", "shop/" + "x".repeat(200), "a/../../etc")
                .map(names::pod)
                .toList())
        .allMatch(name -> name.matches("pc-[a-z0-9]{4}-pod\\.[a-z0-9.-]+"));
    assertThat(Names.link("pod", "shop/web")).hasSizeLessThanOrEqualTo(15);
  }
}
