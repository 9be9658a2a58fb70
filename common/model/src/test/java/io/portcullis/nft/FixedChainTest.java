package io.portcullis.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.net.Cidr;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.RuleSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chains of every table decide in this order. */
class FixedChainTest {
  private static final RuleSet RULES =
      RuleSet.of(
          Stream.of("10.244.1.0/24", "fd00:10:244:1::/64")
              .map(cidr -> new NodeRecord.PodCidr(Cidr.parse(cidr).range()))
              .toList());

  private final String table = NftRenderer.replace(RULES, NftRenderer.TABLE);

  @Test
  void t2_c2_whatIsOfAConnectionIsOnlyAskedWhetherThatIsCut() {
    assertThat(table)
        .contains(
            """
              chain connections {
                ct mark & 0x04000000 == 0 accept
                drop
              }
            """)
        .contains(
            """
              chain forward {
                type filter hook forward priority filter; policy accept;
                ct state established,related goto connections
                meta nfproto ipv4 goto forward_v4
                goto forward_v6
              }
            """);
  }

  @Test
  void t1_c1_whatIsForwardedIsAskedForEgressAndThenForIngress() {
    assertThat(table)
        .contains(
            """
              chain source_v4 {
                ip saddr vmap @egress_v4
                iifname @guard_links goto unknown_out_v4
                ip saddr 10.244.1.0/24 goto cidr_out_v4
              }
              chain forward_v4 {
                jump source_v4
                ip daddr vmap @ingress_v4
                oifname @guard_links goto unknown_in_v4
                ip daddr 10.244.1.0/24 goto cidr_in_v4
              }
            """)
        .contains(
            """
              chain source_v6 {
                ip6 saddr vmap @egress_v6
                iifname @guard_links goto unknown_out_v6
                ip6 saddr fd00:10:244:1::/64 goto cidr_out_v6
              }
              chain forward_v6 {
                icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
                jump source_v6
                ip6 daddr vmap @ingress_v6
                oifname @guard_links goto unknown_in_v6
                ip6 daddr fd00:10:244:1::/64 goto cidr_in_v6
              }
            """);
  }

  @Test
  void t4_a12_aPodReachesItselfWhereNetworkPoliciesIsolateAndNowhereElse() {
    assertThat(table)
        .contains(
            """
              chain deny_in_v4 {
                ip daddr @denied_in_v4
                drop
              }
            """)
        .contains(
            """
              chain isolated_in_v4 {
                ip saddr . ip daddr @self_v4 return
                goto deny_in_v4
              }
            """);
  }

  @Test
  void t5_whatGoesToTheNodeIsAskedAfterWhatIpv6CannotDoWithout() {
    assertThat(table)
        .contains(
            """
              chain input {
                type filter hook input priority filter; policy accept;
                ct state established,related goto connections
                meta nfproto ipv4 goto input_v4
                goto input_v6
              }
            """)
        .contains(
            """
              chain input_v4 {
                ip saddr vmap @node_v4
                iifname @guard_links goto unknown_out_v4
                ip saddr 10.244.1.0/24 goto cidr_out_v4
              }
            """)
        .contains(
            """
              chain input_v6 {
                icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
                icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } ip6 hoplimit 1 accept
                ip6 saddr vmap @node_v6
                iifname @guard_links goto unknown_out_v6
                ip6 saddr fd00:10:244:1::/64 goto cidr_out_v6
              }
            """)
        .doesNotContain("hook output");
  }

  @Test
  void c1_theGuardDropsWhileOneOfItsSetsHoldsAndNeverTheNodesOwn() {
    assertThat(table)
        .contains(
            """
              chain guarded {
                fib saddr type local return
                meta nfproto @guard_0 counter drop
                meta nfproto @guard_1 counter drop
              }
            """);
  }

  @Test
  void t14_aPodSpeaksWithItsOwnAddressesBeforeAnyConnectionIsLookedUp() {
    assertThat(table)
        .contains(
            """
              set pod_links {
                type ifname
              }
            """)
        .contains(
            """
              chain prerouting {
                type filter hook prerouting priority raw; policy accept;
                iifname != @pod_links accept
                ip6 saddr :: accept
                fib saddr . iif oif missing drop
              }
            """);
  }
}
