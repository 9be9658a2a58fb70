package io.portcullis.agent.enforce;

import static io.portcullis.agent.enforce.RoutedPods.link;
import static io.portcullis.agent.enforce.RoutedPods.v4;
import static io.portcullis.agent.enforce.RoutedPods.v6;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.Patience;
import io.portcullis.agent.cni.CacheFolder;
import io.portcullis.agent.cni.ExemptPods;
import io.portcullis.agent.cni.ResultCache;
import io.portcullis.agent.enforce.Programmed.Committed;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.links.GuardLinks;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.DumpReader;
import io.portcullis.nft.GuardLease;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * C1 with the real kernel and real packets: pods that no version knows and the node itself does.
 * The guard never opens.
 */
class KnownPodsTest {
  private static final int DNS = 1;
  private static final int KAFKA = 2;
  private static final int OTHER = 3;

  /** What is enforced after a boot: no pod is known. */
  private static final RuleSet CLOSED =
      RuleSet.of(
          Stream.of("10.244.0.0/24", "fd00:244::/64")
              .map(cidr -> new NodeRecord.PodCidr(Cidr.parse(cidr).range()))
              .toList());

  @TempDir private Path folder;
  private RoutedPods pods;
  private Greetings greetings;
  private CacheFolder cache;

  @BeforeEach
  void makePods() {
    pods = new RoutedPods(3);
    greetings = new Greetings(pods);
    cache = new CacheFolder(folder);
  }

  @AfterEach
  void removePods() {
    pods.close();
  }

  private interface Story {
    void tell(Agent agent) throws Exception;
  }

  private record Agent(Enforcement enforcement, LinkWatch watch) {
    void enforce(long number, RuleSet rules) {
      assertThat(enforcement.enforce(PendingVersions.of(number, rules)))
          .isInstanceOf(Committed.class);
    }

    void turn() {
      enforcement.check();
      enforcement.hold(watch);
    }
  }

  /** An agent on the node; afterwards nothing of it is left but the table. */
  private void agent(Story story) throws Exception {
    InsideNamespace.call(
        pods.node().name(),
        () -> {
          try (var nft = NftWay.AUTO.open();
              var generation = Generation.open().orElseThrow();
              var network = Rtnetlink.open().orElseThrow();
              var results = ResultCache.of(folder, Path.of("/run/netns"))) {
            results.start(() -> {});
            var table =
                new EnforcedTable(new Kernel(nft, Optional.of(generation), Optional.empty()));
            table.promise(GuardLease.EVER);
            var enforcement = new Enforcement(table);
            enforcement.inherited();
            var exempt = new ExemptPods(Set.of("kube-system", "kafka"));
            var local = new LinkWatch.Local(exempt, results::attachments, GuardLinks.NONE);
            story.tell(new Agent(enforcement, LinkWatch.on(Optional.of(network), local)));
          }
          return null;
        });
  }

  private void starts(String namespace, int number) throws Exception {
    cache.write(namespace, pods.pod(number).name(), v4(number), link(number));
    cache.write(
        "v6-" + number,
        CacheFolder.entry(
            namespace, CacheFolder.path(pods.pod(number).name()), v6(number), link(number)));
  }

  private SortedSet<IpAddress> inKernel() {
    return DumpReader.read(pods.node().listing(NftRenderer.TABLE)).local().known();
  }

  private void knownSoon(Agent agent, Integer... numbers) {
    var ips = new TreeSet<IpAddress>();
    for (var number : numbers) {
      ips.add(IpAddress.parse(v4(number)));
      ips.add(IpAddress.parse(v6(number)));
    }
    Patience.await()
        .pollInSameThread()
        .ignoreExceptionsInstanceOf(IllegalStateException.class) // as long as the table is away
        .until(
            () -> {
              agent.turn();
              return inKernel().equals(ips);
            });
  }

  @Test
  void c1_exemptPodsReachEachOtherThoughNoVersionKnowsThem() throws Exception {
    agent(
        agent -> {
          agent.enforce(1, CLOSED);
          agent.turn();
          greetings.doNotReach(KAFKA, DNS);
          starts("kube-system", DNS);
          starts("kafka", KAFKA);
          starts("shop", OTHER);
          knownSoon(agent, DNS, KAFKA);
          greetings.reach(KAFKA, DNS);
          greetings.reach(DNS, KAFKA);
          greetings.doNotReach(OTHER, DNS);
          greetings.doNotReach(DNS, OTHER);
          assertThat(agent.enforcement().repair().drifts().count()).isZero();
        });
  }

  @Test
  void c1_theyStayKnownOverAFlushAReplacementAndARestart() throws Exception {
    starts("kube-system", DNS);
    starts("kafka", KAFKA);
    agent(
        agent -> {
          agent.enforce(1, CLOSED);
          knownSoon(agent, DNS, KAFKA);
          pods.node().load("flush ruleset");
          agent.enforcement().check();
          assertThat(inKernel()).hasSize(4);
          greetings.reach(KAFKA, DNS);
          pods.node().load("flush set inet portcullis known_v4\n");
          knownSoon(agent, DNS, KAFKA);
          assertThat(agent.enforcement().repair().drifts().count()).isEqualTo(2);
        });
    agent(
        agent -> {
          assertThat(inKernel()).hasSize(4);
          knownSoon(agent, DNS, KAFKA);
          assertThat(agent.enforcement().repair().drifts().count()).isZero();
          greetings.reach(KAFKA, DNS);
        });
  }

  @Test
  void c3_aStaleEntryWhoseAddressIsAnotherPodsOpensNothing() throws Exception {
    starts("kube-system", DNS);
    agent(
        agent -> {
          agent.enforce(1, CLOSED);
          knownSoon(agent, DNS);
          // of before the boot: its network namespace is gone, its address is the other pod's
          cache.write("kube-system", "gone-with-the-boot", v4(OTHER), link(OTHER));
          // a pod that never ended well: its network namespace is there still
          cache.write("kafka", pods.pod(KAFKA).name(), v4(OTHER), link(KAFKA));
          starts("shop", OTHER);
          cache.write("last", CacheFolder.entry("kafka", "/run/netns/none", "10.0.0.1", "x"));
          knownSoon(agent, DNS);
          greetings.doNotReach(OTHER, DNS);
        });
  }

  @Test
  void c1_aPodThatHasEndedIsNotKnownAnyMore() throws Exception {
    starts("kube-system", DNS);
    agent(
        agent -> {
          agent.enforce(1, CLOSED);
          knownSoon(agent, DNS);
          RoutedPods.ip(pods.node(), "link delete " + link(DNS));
          knownSoon(agent);
        });
  }
}
