package io.portcullis.agent.host;

import io.portcullis.agent.host.HostFacts.ForwardChain;
import io.portcullis.agent.host.HostFacts.Tracking;
import io.portcullis.agent.host.Problem.Severity;
import io.portcullis.agent.links.PodLinks;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds what is wrong with a machine. */
public final class Problems {
  private static final Pattern RELEASE = Pattern.compile("v?(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

  /** The first release whose concatenations may contain ranges. */
  private static final Release OLDEST_KERNEL = new Release(5, 6, 0);

  private static final Release OLDEST_NFT = new Release(1, 0, 6);

  /** The priority of our chain at the forward hook. */
  private static final int OURS = 0;

  private final HostFacts facts;
  private final List<Problem> found = new ArrayList<>();

  private Problems(HostFacts facts) {
    this.facts = facts;
  }

  private record Release(int major, int minor, int patch) {
    static Optional<Release> parse(String text) {
      var matcher = RELEASE.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      var patch = Optional.ofNullable(matcher.group(3)).map(Integer::parseInt).orElse(0);
      return Optional.of(
          new Release(
              Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), patch));
    }

    boolean isBefore(Release other) {
      if (major != other.major) {
        return major < other.major;
      }
      return minor != other.minor ? minor < other.minor : patch < other.patch;
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  /**
   * Returns all problems, the gravest first.
   *
   * @param pods addresses of local pods
   */
  public static List<Problem> of(HostFacts facts, Collection<IpAddress> pods) {
    var problems = new Problems(facts);
    problems.releases();
    problems.bridges(pods);
    problems.ipvs();
    problems.flowtables();
    problems.tracking();
    problems.others();
    return List.copyOf(problems.found);
  }

  private void wrong(String what, String remedy) {
    found.add(new Problem(Severity.WRONG, what, remedy));
  }

  private void note(String what, String remedy) {
    found.add(new Problem(Severity.NOTE, what, remedy));
  }

  private void releases() {
    if (Release.parse(facts.kernel()).filter(r -> r.isBefore(OLDEST_KERNEL)).isPresent()) {
      wrong("kernel " + facts.kernel() + " is too old", "use " + OLDEST_KERNEL + " or later");
    }
    if (facts.nft().isEmpty()) {
      wrong("nft does not answer", "install nftables " + OLDEST_NFT + " or later, and run as root");
    }
    facts
        .nft()
        .filter(nft -> Release.parse(nft).filter(r -> r.isBefore(OLDEST_NFT)).isPresent())
        .ifPresent(
            nft -> wrong("nftables " + nft + " is too old", "use " + OLDEST_NFT + " or later"));
  }

  private void bridges(Collection<IpAddress> pods) {
    for (var family : Family.values()) {
      var ofFamily = pods.stream().filter(ip -> ip.family() == family).toList();
      var bridges = PodLinks.bridges(facts.network(), ofFamily);
      if (!bridges.isEmpty() && !facts.bridgedSeen().contains(family)) {
        wrong(
            "pods on " + String.join(", ", bridges) + " reach each other past all rules",
            "modprobe br_netfilter, and sysctl -w " + setting(family) + "=1");
      }
    }
  }

  private static String setting(Family family) {
    return switch (family) {
      case V4 -> "net.bridge.bridge-nf-call-iptables";
      case V6 -> "net.bridge.bridge-nf-call-ip6tables";
    };
  }

  private void ipvs() {
    if (facts.network().links().stream().anyMatch(link -> link.name().equals("kube-ipvs0"))) {
      wrong(
          "kube-proxy in IPVS mode (kube-ipvs0) sends what pods send to services past all rules",
          "run kube-proxy in mode nftables or iptables, and delete the link");
    }
  }

  /** Packets that a flowtable forwards pass no hook where policies are asked (C2). */
  private void flowtables() {
    if (facts.flowtables().isEmpty()) {
      note("flowtables of other tables cannot be listed", "nft list flowtables says why");
    }
    for (var flowtable : facts.flowtables().orElse(List.of())) {
      wrong(
          "flowtable " + flowtable + " forwards packets of live connections past all rules",
          "delete it, and the rules that add flows to it");
    }
  }

  private void tracking() {
    if (facts.connections() == Tracking.ALL_BUT_SCTP) {
      note(
          "the kernel tracks no SCTP connections",
          "allow SCTP in both directions, or use a kernel with CONFIG_NF_CT_PROTO_SCTP");
    }
  }

  private void others() {
    if (facts.others().isEmpty()) {
      note("other tables cannot be listed", "nft list ruleset says why");
    }
    for (var chain : facts.others().orElse(List.of())) {
      if (chain.dropsRest()) {
        note(
            "chain " + chain.name() + " drops what it does not accept",
            "let it accept what is forwarded for pods");
      } else if (isBeforeOurs(chain) && chain.drops()) {
        note(
            "chain " + chain.name() + " drops some packets before policies are asked",
            "look there first when traffic is lost");
      }
    }
  }

  private static boolean isBeforeOurs(ForwardChain chain) {
    return chain.priority() < OURS;
  }
}
