package io.portcullis.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.host.HostFacts;
import io.portcullis.agent.host.HostFacts.ForwardChain;
import io.portcullis.agent.host.Problem;
import io.portcullis.agent.host.Problem.Severity;
import io.portcullis.agent.host.Problems;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.TestNamespace;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The real machine, in a namespace of the test's own. */
class HostReaderTest {
  private static final List<IpAddress> PODS = List.of(IpAddress.parse("10.0.0.7"));

  private static HostFacts read(TestNamespace namespace) throws Exception {
    return read(namespace, nft -> nft);
  }

  private static HostFacts read(TestNamespace namespace, UnaryOperator<Nft> way) throws Exception {
    return InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var nft = way.apply(NftWay.AUTO.open())) {
            return new HostReader(nft).read();
          }
        });
  }

  /** Lists no chains. */
  private static final class WithoutChains extends DelegatingNft {
    private WithoutChains(Nft nft) {
      super(nft);
    }

    @Override
    public String list(String command, Format format) throws NftException {
      if (command.equals("list chains")) {
        throw new NftException("not for you");
      }
      return super.list(command, format);
    }
  }

  @Test
  void chainsThatCannotBeListedAreANoteAndNftStillAnswers() throws Exception {
    try (var namespace = TestNamespace.make()) {
      var facts = read(namespace, WithoutChains::new);
      assertThat(wrong(facts)).isEmpty();
      assertThat(Problems.of(facts, PODS).toString()).contains("other tables cannot be listed");
    }
  }

  /** Lists a flowtable, which not every kernel has. */
  private static final class WithFlowtable extends DelegatingNft {
    private WithFlowtable(Nft nft) {
      super(nft);
    }

    @Override
    public String list(String command, Format format) throws NftException {
      return command.equals("list flowtables")
          ? """
            {"nftables": [{"metainfo": {"version": "1.0.6"}}, {"flowtable": {"family": "inet", "name": "fast",
            "table": "filter", "handle": 2, "hook": "ingress", "prio": 0, "dev": ["eth0", "veth1"]}}]}
            """
          : super.list(command, format);
    }
  }

  @Test
  void c2_aFlowtableIsWrong() throws Exception {
    try (var namespace = TestNamespace.make()) {
      assertThat(read(namespace).flowtables().orElseThrow()).isEmpty();
      var wrong = wrong(read(namespace, WithFlowtable::new));
      assertThat(wrong).hasSize(1);
      assertThat(wrong.toString()).contains("inet filter fast");
    }
  }

  @Test
  void aPlainNamespaceHasNothingWrongUntilServicesAreByIpvs() throws Exception {
    try (var namespace = TestNamespace.make()) {
      assertThat(wrong(read(namespace))).isEmpty();
      namespace.run("", "ip", "link", "add", "kube-ipvs0", "type", "veth").orThrow();
      assertThat(wrong(read(namespace)).toString()).contains("kube-ipvs0");
    }
  }

  @Test
  void podsOnABridgeAreWrongUntilItsPacketsAreSeen() throws Exception {
    try (var namespace = TestNamespace.make()) {
      namespace.run("", "ip", "link", "add", "cni0", "type", "bridge").orThrow();
      namespace.run("", "ip", "addr", "add", "10.0.0.1/24", "dev", "cni0").orThrow();
      namespace.run("", "ip", "link", "set", "cni0", "up").orThrow();
      // each namespace has settings of its own, where the module is there
      var isKnown = set(namespace, 0) == 0;
      assertThat(wrong(read(namespace))).hasSize(1);
      assertThat(wrong(read(namespace)).toString()).contains("cni0", "bridge-nf-call-iptables");
      if (isKnown) {
        set(namespace, 1);
        assertThat(wrong(read(namespace))).isEmpty();
      }
    }
  }

  private static int set(TestNamespace namespace, int value) {
    return namespace.run("", "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=" + value).code();
  }

  @Test
  void chainsOfOthersAtTheHookAreReadWithWhatTheyDrop() throws Exception {
    try (var namespace = TestNamespace.make()) {
      namespace.load(
          """
          table ip others {
            chain forward {
              type filter hook forward priority 10; policy drop;
              accept
            }
            chain input {
              type filter hook input priority 0; policy drop;
            }
          }
          table inet early {
            chain first {
              type filter hook forward priority -5;
              ip saddr 10.0.0.1 drop
            }
          }
          table inet portcullis {
            chain forward {
              type filter hook forward priority filter; policy drop;
            }
          }
          """);
      assertThat(read(namespace).others().orElseThrow())
          .containsExactlyInAnyOrder(
              new ForwardChain("ip others forward", 10, true, false),
              new ForwardChain("inet early first", -5, false, true));
    }
  }

  private static List<Problem> wrong(HostFacts facts) {
    return Problems.of(facts, PODS).stream()
        .filter(problem -> problem.severity() == Severity.WRONG)
        .toList();
  }
}
