package io.portcullis.agent.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.links.Link;
import io.portcullis.agent.links.Network;
import io.portcullis.agent.links.Route;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExemptPodsTest {
  private final List<Link> links = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private final List<Attachment> attachments = new ArrayList<>();

  private void link(String name, String kind, String... to) {
    var index = links.size() + 1;
    links.add(new Link(index, name, kind, kind.equals("loopback"), OptionalInt.empty()));
    Stream.of(to).map(Cidr::parse).map(cidr -> new Route(cidr, index)).forEach(routes::add);
  }

  private void pod(String namespace, List<String> links, String... ips) {
    var addresses = new TreeSet<>(Stream.of(ips).map(IpAddress::parse).toList());
    attachments.add(
        new Attachment(namespace, "pod", Path.of("/run/netns/1"), addresses, new TreeSet<>(links)));
  }

  private SortedSet<IpAddress> known() {
    return new ExemptPods(Set.of("kube-system", "kafka"))
        .addresses(new Network(links, routes), attachments);
  }

  private static List<IpAddress> ips(String... texts) {
    return Stream.of(texts).map(IpAddress::parse).toList();
  }

  @Test
  void c1_podsOfExemptNamespacesAreKnownWhereARouteLeadsToThem() {
    link("eth0", "", "0.0.0.0/0", "10.244.7.0/24");
    link("cali1", "veth", "10.244.1.1/32", "fd00::1/128");
    link("cali2", "veth", "10.244.1.2/32");
    pod("kube-system", List.of("cali1"), "10.244.1.1", "fd00::1");
    pod("kafka", List.of(), "10.244.1.2");
    pod("kafka", List.of(), "10.244.7.9");
    pod("kafka", List.of(), "10.99.0.1");
    assertThat(known()).containsExactlyElementsOf(ips("10.244.1.1", "10.244.1.2", "fd00::1"));
  }

  @Test
  void c1_podsOfOtherNamespacesAreNotKnown() {
    link("cali1", "veth", "10.244.1.1/32");
    pod("shop", List.of("cali1"), "10.244.1.1");
    assertThat(known()).isEmpty();
  }

  @Test
  void c1_anAddressThatAnotherPodClaimsTooIsNotKnown() {
    link("cali1", "veth", "10.244.1.1/32");
    pod("kube-system", List.of(), "10.244.1.1");
    pod("kafka", List.of(), "10.244.1.1");
    assertThat(known()).containsExactlyElementsOf(ips("10.244.1.1"));
    pod("shop", List.of("cali1"), "10.244.1.1");
    assertThat(known()).isEmpty();
  }

  @Test
  void c1_anAddressThatIsRoutedToAnotherPodsLinkIsNotKnown() {
    link("cali1", "veth", "10.244.1.1/32");
    pod("kube-system", List.of("cali9"), "10.244.1.1");
    assertThat(known()).isEmpty();
  }

  @Test
  void c1_podsOnABridgeAreKnownAndWhatLiesBeyondTheNodeIsNot() {
    link("lo", "loopback", "127.0.0.1/32");
    link("cni0", "bridge", "10.244.1.0/24");
    link("br0", "bridge", "0.0.0.0/0", "192.0.2.0/24");
    link("eth1", "", "10.244.2.7/32", "0.0.0.0/0");
    pod("kube-system", List.of("cni0", "veth1"), "10.244.1.1");
    pod("kube-system", List.of(), "127.0.0.1", "192.0.2.7", "10.244.2.7");
    assertThat(known()).containsExactlyElementsOf(ips("10.244.1.1"));
  }
}
