package io.portcullis.nft;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.ruleset.RuleSet;
import org.junit.jupiter.api.Test;

/** What every table asks, in order. */
class BaseChainTest {
  private final String table = NftRenderer.replace(RuleSet.EMPTY, NftRenderer.TABLE);

  @Test
  void t1_t2_t4_whatIsForwardedIsAskedForEgressAndThenForIngressUnlessItGoesToItself() {
    assertThat(table)
        .contains(
            """
              chain forward {
                type filter hook forward priority filter; policy accept;
                ct state established,related ct mark & 0x04000000 == 0 accept
                ct state established,related drop
                icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
                ip saddr . ip daddr @self_v4 accept
                ip6 saddr . ip6 daddr @self_v6 accept
                ip saddr . ip saddr != @self_v4 ip saddr @pod_cidrs_v4 jump guarded
                ip6 saddr . ip6 saddr != @self_v6 ip6 saddr @pod_cidrs_v6 jump guarded
                ip daddr . ip daddr != @self_v4 ip daddr @pod_cidrs_v4 jump guarded
                ip6 daddr . ip6 daddr != @self_v6 ip6 daddr @pod_cidrs_v6 jump guarded
                ip saddr vmap @egress_v4
                ip6 saddr vmap @egress_v6
                ip daddr vmap @ingress_v4
                ip6 daddr vmap @ingress_v6
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
                ct state established,related ct mark & 0x04000000 == 0 accept
                ct state established,related drop
                icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
                icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } ip6 hoplimit 1 accept
                ip saddr . ip saddr != @self_v4 ip saddr @pod_cidrs_v4 jump guarded
                ip6 saddr . ip6 saddr != @self_v6 ip6 saddr @pod_cidrs_v6 jump guarded
                ip saddr vmap @node_v4
                ip6 saddr vmap @node_v6
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
