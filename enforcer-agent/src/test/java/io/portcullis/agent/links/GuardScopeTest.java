package io.portcullis.agent.links;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Cidr;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuardScopeTest {
  private static final List<String> CIDRS = List.of("10.244.1.0/24", "fd00:1::/64");

  private final List<Link> links = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();

  private void link(String name, String kind, String... to) {
    var index = links.size() + 1;
    links.add(new Link(index, name, kind, kind.equals("loopback"), OptionalInt.empty()));
    Stream.of(to).map(Cidr::parse).map(cidr -> new Route(cidr, index)).forEach(routes::add);
  }

  private GuardScope scope(String... pods) {
    return GuardScope.of(
        new Network(links, routes),
        GuardLinks.parse(List.of("cali*", "veth*")),
        Stream.of(pods).map(IpAddress::parse).toList(),
        CIDRS.stream().map(Cidr::parse).map(Cidr::range).toList());
  }

  private void uplink() {
    link("lo", "loopback", "127.0.0.0/8");
    link("eth0", "", "0.0.0.0/0", "192.0.2.0/24", "10.244.2.0/24", "::/0", "fd00:2::/64");
  }

  @Test
  void c1_podCidrsAreGuardedWhereRoutesAndPodsAgreeWithThem() {
    uplink();
    link("cni0", "bridge", "10.244.1.0/24", "fd00:1::/64");
    link("flannel.1", "vxlan", "10.244.3.0/24", "fe80::/64");
    link("cali1", "veth", "10.244.1.7/32", "fd00:1::7/128", "fe80::/64");
    assertThat(scope("10.244.1.7", "fd00:1::7", "10.244.1.9").trouble()).isEmpty();
    assertThat(scope().cidrs().open()).isEmpty();
  }

  @Test
  void c1_aPodOfThisNodeOutsideOfThePodCidrsOpensThem() {
    uplink();
    link("cali1", "veth", "10.244.7.7/32", "fd00:1::7/128");
    var scope = scope("10.244.7.7", "fd00:1::7");
    assertThat(scope.cidrs().open()).containsExactly(Family.V4);
    assertThat(scope.trouble().orElseThrow()).contains("10.244.7.7", "outside", "10.244.1.0/24");
  }

  @Test
  void c1_aPodOutsideToWhichNoRouteLeadsSaysNothing() {
    uplink();
    assertThat(scope("10.244.7.7").trouble()).isEmpty();
  }

  @Test
  void c1_anotherNodesAddressesInsideOfThePodCidrsOpenThem() {
    uplink();
    link("vxlan.calico", "vxlan", "10.244.1.64/26");
    var scope = scope();
    assertThat(scope.cidrs().open()).containsExactly(Family.V4);
    assertThat(scope.trouble().orElseThrow()).contains("10.244.1.64/26", "vxlan.calico");
  }

  @Test
  void c1_oneAddressOfAnotherNodeInsideIsEnough() {
    uplink();
    routes.add(new Route(Cidr.parse("fd00:1::9/128"), 2));
    assertThat(scope().cidrs().open()).containsExactly(Family.V6);
  }

  @Test
  void c1_aLinkThatLeadsOutIsNeverGuarded() {
    link("veth0", "veth", "0.0.0.0/0");
    link("veth1", "veth", "10.244.1.7/32");
    link("cali1", "veth", "10.244.1.8/32");
    var scope = scope("10.244.1.7");
    assertThat(scope.links().patterns()).containsExactly("cali*");
    assertThat(scope.trouble().orElseThrow()).contains("veth0", "PORTCULLIS_GUARD_LINKS");
  }
}
