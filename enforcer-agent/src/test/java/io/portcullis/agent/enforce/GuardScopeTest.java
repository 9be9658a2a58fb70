package io.portcullis.agent.enforce;

import static io.portcullis.agent.enforce.GuardedRules.POD_CIDRS;
import static io.portcullis.agent.enforce.GuardedRules.enforce;
import static io.portcullis.agent.enforce.GuardedRules.rules;
import static io.portcullis.agent.enforce.RoutedPods.link;
import static io.portcullis.agent.enforce.RoutedPods.received;
import static io.portcullis.agent.enforce.RoutedPods.send;
import static io.portcullis.agent.enforce.RoutedPods.socket;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.cni.ExemptPods;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.links.GuardLinks;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.agent.program.CounterEdits;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.LocalSets;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.TestNamespace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * C1 with the real kernel and real packets: the guard stands over links, and where CIDRs are true.
 */
class GuardScopeTest {
  private static final int PORT = 7000;
  private static final List<String> NONE = List.of();
  private static final List<String> OTHERS = List.of("10.99.0.0/24", "fd00:99::/64");

  private RoutedPods pods;
  private Greetings greetings;

  @BeforeEach
  void makePods() {
    pods = new RoutedPods(3);
    greetings = new Greetings(pods);
  }

  @AfterEach
  void removePods() {
    pods.close();
  }

  private interface Story {
    void tell(Enforcement enforcement, LinkWatch watch) throws Exception;
  }

  /** An agent whose guard never opens, over these links. */
  private void agent(List<String> patterns, Story story) throws Exception {
    var links = GuardLinks.parse(patterns);
    InsideNamespace.call(
        pods.node().name(),
        () -> {
          try (var nft = NftWay.AUTO.open();
              var generation = Generation.open().orElseThrow();
              var network = Rtnetlink.open().orElseThrow()) {
            var settings =
                new LocalEdits.Settings(
                    CutMark.DEFAULT, 0, LocalSets.EMPTY.withGuardLinks(links.patterns()));
            var kernel = new Kernel(nft, Optional.of(generation), Optional.empty());
            var table = new EnforcedTable(kernel, Optional.empty(), CounterEdits.NOTHING, settings);
            table.promise(GuardLease.EVER);
            var enforcement = new Enforcement(table);
            enforcement.inherited();
            var local = new LinkWatch.Local(new ExemptPods(Set.of()), List::of, links);
            story.tell(enforcement, LinkWatch.on(Optional.of(network), local));
          }
          return null;
        });
  }

  /** Java finds links by name in the namespace of its process only. */
  private static String index(TestNamespace namespace, String link) {
    return RoutedPods.ip(namespace, "-o link show " + link).split(":")[0];
  }

  /** The third pod is behind another node, which is reached as all that is not here. */
  private void thirdIsElsewhere() {
    RoutedPods.ip(pods.node(), "route add default dev " + link(3));
    RoutedPods.ip(pods.node(), "-6 route add default dev " + link(3));
  }

  @Test
  void c1_anUnknownPodIsShutOffByItsLinkWhateverItsAddress() throws Exception {
    agent(
        List.of("pod*"),
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules(NONE, 1, 3));
          greetings.doNotReach(2, 1); // before links and routes have been read, too
          enforcement.hold(watch);
          greetings.doNotReach(2, 1);
          greetings.doNotReach(1, 2);
          greetings.reach(1, 3);
          pods.node().load(NftRenderer.remove(NftRenderer.TABLE));
          enforcement.check();
          greetings.doNotReach(2, 1);
          enforce(enforcement, 2, rules(NONE, 1, 2, 3));
          greetings.reach(2, 1);
          enforcement.check();
          assertThat(enforcement.repair().drifts().count()).isOne();
        });
  }

  @Test
  void c1_anotherNodesPodInsideOfThePodCidrIsNotTakenForANewOne() throws Exception {
    thirdIsElsewhere();
    agent(
        List.of(link(1), link(2)),
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules(POD_CIDRS, 1));
          greetings.doNotReach(3, 1); // nothing contradicts the pod CIDRs yet
          enforcement.hold(watch);
          greetings.reach(3, 1);
          greetings.reach(1, 3);
          greetings.doNotReach(2, 1);
          greetings.doNotReach(3, 2);
          assertThat(watch.guarded().trouble().orElseThrow()).contains("within", link(3));
        });
  }

  @Test
  void c1_podsOutsideOfThePodCidrAreGuardedByTheirLinks() throws Exception {
    agent(
        List.of("pod*"),
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules(OTHERS, 1));
          enforcement.hold(watch);
          assertThat(watch.guarded().trouble().orElseThrow()).contains(v4(1), "outside");
          greetings.doNotReach(2, 1);
          enforce(enforcement, 2, rules(POD_CIDRS, 1));
          enforcement.hold(watch);
          assertThat(watch.guarded().trouble()).isEmpty();
          greetings.doNotReach(2, 1);
        });
  }

  @Test
  void c1_theWayOutIsNeverGuarded() throws Exception {
    thirdIsElsewhere();
    agent(
        List.of("pod*"),
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules(NONE, 1));
          enforcement.hold(watch);
          greetings.reach(3, 1);
          greetings.reach(1, 3);
          assertThat(watch.guarded().trouble().orElseThrow()).contains("PORTCULLIS_GUARD_LINKS");
        });
  }

  @Test
  void c1_whatTheOtherEndOfAPodsLinkNeedsOfIpv6PassesWithoutAnAddress() throws Exception {
    agent(
        List.of("pod*"),
        (enforcement, watch) -> {
          enforce(enforcement, 1, rules(NONE, 1));
          enforcement.hold(watch);
          // between the ends of the link, with addresses that no version knows
          try (var atNode = socket(pods.node(), "fe80::1%" + index(pods.node(), link(1)), PORT);
              var atPod = socket(pods.pod(1), "::", 0)) {
            send(atPod, "fe80::1%" + index(pods.pod(1), "eth0"), PORT, "hello");
            assertThat(received(atNode, 1)).containsExactly("hello");
          }
        });
  }
}
