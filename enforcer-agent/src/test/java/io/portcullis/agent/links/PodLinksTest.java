package io.portcullis.agent.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PodLinksTest {
  private final List<Link> links = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();

  private PodLinksTest link(String name, String kind, String... to) {
    var index = links.size() + 1;
    links.add(new Link(index, name, kind, kind.equals("loopback"), OptionalInt.empty()));
    Stream.of(to).map(Cidr::parse).map(cidr -> new Route(cidr, index)).forEach(routes::add);
    return this;
  }

  private PodLinks found(String... pods) {
    return PodLinks.of(new Network(links, routes), Stream.of(pods).map(IpAddress::parse).toList());
  }

  @Test
  void t14_aLinkWithHostRoutesToPodsAloneIsTheirs() {
    link("eth0", "", "0.0.0.0/0", "::/0", "192.0.2.0/24", "fe80::/64");
    link("veth1", "veth", "10.0.0.1/32", "fd00::1/128", "fe80::/64", "ff00::/8");
    link("veth2", "veth", "10.0.0.2/32");
    link("veth3", "veth", "10.0.0.3/32");
    assertThat(found("10.0.0.1", "fd00::1", "10.0.0.2").own()).containsExactly("veth1", "veth2");
    assertThat(found("10.0.0.1", "fd00::1", "10.0.0.2").shared()).isEmpty();
  }

  @Test
  void c3_anAddressIsOnTheLinkToWhichItIsRouted() {
    link("eth0", "", "0.0.0.0/0");
    link("veth1", "veth", "10.0.0.1/32", "fd00::1/128");
    link("cni0", "bridge", "10.1.0.0/24");
    var pods = Stream.of("10.0.0.1", "fd00::1", "10.1.0.7", "10.2.0.1").map(IpAddress::parse);
    assertThat(PodLinks.places(new Network(links, routes), pods.toList()))
        .containsOnly(
            Map.entry(IpAddress.parse("10.0.0.1"), "veth1@2"),
            Map.entry(IpAddress.parse("fd00::1"), "veth1@2"),
            Map.entry(IpAddress.parse("10.1.0.7"), "cni0@3"));
  }

  @Test
  void whatLeadsElsewhereTooIsNoPodsLink() {
    link("eth0", "", "0.0.0.0/0", "10.0.0.1/32");
    link("eth1", "", "10.0.0.2/32", "10.9.0.0/16");
    link("lo", "loopback", "10.0.0.3/32");
    link("a\"b", "veth", "10.0.0.4/32");
    var found = found("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    assertThat(found.own()).isEmpty();
    assertThat(found.shared()).containsOnlyKeys("eth0", "eth1", "lo", "a\"b");
  }

  @Test
  void podsOnABridgeAreToldWithItAndAHostRouteGoesBeforeTheBridges() {
    link("cni0", "bridge", "10.0.0.0/24");
    link("veth1", "veth", "10.0.0.1/32");
    link("eth0", "", "0.0.0.0/0");
    var found = found("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.7.0.1");
    assertThat(found.own()).containsExactly("veth1");
    assertThat(found.shared()).hasSize(1).containsEntry("cni0", 2);
  }

  @Test
  void aPortOfABridgeIsNoPodsLink() {
    link("cni0", "bridge");
    links.add(new Link(7, "veth1", "veth", false, OptionalInt.of(1)));
    routes.add(new Route(Cidr.parse("10.0.0.1/32"), 7));
    assertThat(found("10.0.0.1").own()).isEmpty();
  }
}
