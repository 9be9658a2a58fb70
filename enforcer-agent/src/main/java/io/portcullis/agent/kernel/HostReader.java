package io.portcullis.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.agent.host.HostFacts;
import io.portcullis.agent.host.HostFacts.ForwardChain;
import io.portcullis.agent.host.HostFacts.Tracking;
import io.portcullis.agent.links.Network;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.net.Family;
import io.portcullis.nft.NftRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the facts of the machine in the network namespace of the calling thread. */
public final class HostReader {
  private static final Logger LOG = LoggerFactory.getLogger(HostReader.class);
  private static final Path SETTINGS = Path.of("/proc/sys/net");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Set<String> OURS = Set.of(NftRenderer.TABLE, NftRenderer.SWAP_TABLE);

  private final KernelTables tables;

  public HostReader(Nft nft) {
    this.tables = new KernelTables(nft);
  }

  /**
   * Reads all facts. It takes milliseconds, and more where other tables are large.
   *
   * @throws IOException when links, routes or settings cannot be read
   */
  public HostFacts read() throws IOException {
    var chains = chains();
    return new HostFacts(
        System.getProperty("os.version"),
        chains.map(KernelTables::version).or(this::nftVersion),
        network(),
        bridgedSeen(),
        tracking(),
        chains.flatMap(listed -> answered(() -> others(listed))),
        answered(this::flowtables));
  }

  private Optional<JsonNode> chains() {
    return answered(() -> tables.json("list chains"));
  }

  /** Asks for the release alone, where the chains of other tables cannot be listed. */
  private Optional<String> nftVersion() {
    return answered(tables::version);
  }

  private interface Question<T> {
    T ask() throws NftException;
  }

  private static <T> Optional<T> answered(Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (NftException e) {
      LOG.debug("a problem of the machine tells it", e);
      return Optional.empty();
    }
  }

  private static Network network() throws IOException {
    try (var kernel =
        Rtnetlink.open().orElseThrow(() -> new IOException("links and routes cannot be read"))) {
      return kernel.read();
    }
  }

  private static Set<Family> bridgedSeen() throws IOException {
    var seen = EnumSet.noneOf(Family.class);
    for (var family : Family.values()) {
      var file = SETTINGS.resolve("bridge").resolve(setting(family));
      if (Files.exists(file) && Files.readString(file).strip().equals("1")) {
        seen.add(family);
      }
    }
    return seen;
  }

  private static String setting(Family family) {
    return switch (family) {
      case V4 -> "bridge-nf-call-iptables";
      case V6 -> "bridge-nf-call-ip6tables";
    };
  }

  private static Tracking tracking() {
    var settings = SETTINGS.resolve("netfilter");
    if (Files.notExists(settings.resolve("nf_conntrack_tcp_timeout_established"))) {
      return Tracking.UNKNOWN;
    }
    return Files.exists(settings.resolve("nf_conntrack_sctp_timeout_established"))
        ? Tracking.ALL
        : Tracking.ALL_BUT_SCTP;
  }

  private List<String> flowtables() throws NftException {
    var found = new ArrayList<String>();
    for (var item : tables.json("list flowtables").path("nftables")) {
      var flowtable = item.path("flowtable");
      if (flowtable.isObject()) {
        found.add(name(flowtable));
      }
    }
    return found;
  }

  private static String name(JsonNode object) {
    return String.join(
        " ",
        object.path("family").asText(),
        object.path("table").asText(),
        object.path("name").asText());
  }

  private List<ForwardChain> others(JsonNode chains) throws NftException {
    var found = new ArrayList<ForwardChain>();
    for (var item : chains.path("nftables")) {
      var chain = item.path("chain");
      if (chain.path("hook").asText().equals("forward")
          && !OURS.contains(chain.path("table").asText())) {
        found.add(forward(chain));
      }
    }
    return found;
  }

  private ForwardChain forward(JsonNode chain) throws NftException {
    var name = name(chain);
    return new ForwardChain(
        name,
        chain.path("prio").asInt(),
        chain.path("policy").asText().equals("drop"),
        drops(chain, name));
  }

  /** Returns whether a rule of the chain drops. A chain whose name is syntax is not listed. */
  private boolean drops(JsonNode chain, String name) throws NftException {
    if (!PLAIN.matcher(chain.path("table").asText()).matches()
        || !PLAIN.matcher(chain.path("name").asText()).matches()) {
      return false;
    }
    for (var item : tables.json("list chain " + name).path("nftables")) {
      for (var expression : item.path("rule").path("expr")) {
        if (expression.has("drop")) {
          return true;
        }
      }
    }
    return false;
  }
}
