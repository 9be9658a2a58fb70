package io.portcullis.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.portcullis.agent.netlink.Libc;
import io.portcullis.agent.netlink.Netlink;
import io.portcullis.agent.netlink.Netlink.Attribute;
import io.portcullis.agent.netlink.NetlinkSocket;
import io.portcullis.nft.Counter;
import io.portcullis.nft.NftRenderer;
import io.portcullis.ruleset.ChainId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the rules of the table have counted, by netlink: nft reads all elements of all sets
 * before it lists a chain, which takes long where there are many. It belongs to the network
 * namespace of the thread that opens it.
 */
public final class RuleCounters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuleCounters.class);
  private static final int NFT_MSG_NEWRULE = 10 << 8 | 6; // NFNL_SUBSYS_NFTABLES
  private static final int NFT_MSG_GETRULE = 10 << 8 | 7;
  private static final int NFPROTO_INET = 1;
  private static final int NFTA_RULE_TABLE = 1;
  private static final int NFTA_RULE_CHAIN = 2;
  private static final int NFTA_RULE_EXPRESSIONS = 4;
  private static final int NFTA_EXPR_NAME = 1;
  private static final int NFTA_EXPR_DATA = 2;
  private static final int NFTA_COUNTER_BYTES = 1;
  private static final int NFTA_COUNTER_PACKETS = 2;
  private static final int ENOENT = 2;
  private static final ValueLayout.OfLong BIG_ENDIAN =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final NetlinkSocket socket;

  private RuleCounters(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens it in the network namespace of the calling thread.
   *
   * @throws IOException where Java or the system cannot
   */
  public static RuleCounters open() throws IOException {
    return new RuleCounters(new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER));
  }

  /** Returns the counters of all chains: one for each rule, and last the one of the chain's end. */
  public synchronized Map<ChainId, List<Counter>> all() throws NftException {
    return ask(List.of());
  }

  /** Returns the counters of some chains. */
  public synchronized Map<ChainId, List<Counter>> of(Iterable<ChainId> chains) throws NftException {
    var found = new HashMap<ChainId, List<Counter>>();
    for (var chain : chains) {
      found.putAll(ask(List.of(chain.toString())));
    }
    return found;
  }

  private Map<ChainId, List<Counter>> ask(List<String> chain) throws NftException {
    try {
      return answer(chain);
    } catch (IOException e) {
      throw new NftException(
          "the kernel does not list what rules have counted: " + e.getMessage(), e);
    }
  }

  private Map<ChainId, List<Counter>> answer(List<String> chain) throws IOException {
    var found = new HashMap<ChainId, List<Counter>>();
    var error =
        socket.ask(
            NFT_MSG_GETRULE,
            NetlinkSocket.DUMP,
            question(chain),
            (type, content) -> {
              if (type == NFT_MSG_NEWRULE) {
                read(content, found);
              }
            });
    if (error != 0 && error != ENOENT) {
      throw new IOException("the kernel does not list its rules: error " + error);
    }
    return found;
  }

  private static MemorySegment question(List<String> chain) {
    var message = MemorySegment.ofArray(new byte[512]);
    message.set(ValueLayout.JAVA_BYTE, 0, (byte) NFPROTO_INET);
    var end =
        Netlink.putAttribute(
            message, Netlink.NETFILTER_HEADER, NFTA_RULE_TABLE, name(NftRenderer.TABLE));
    for (var name : chain) {
      end = Netlink.putAttribute(message, end, NFTA_RULE_CHAIN, name(name));
    }
    return message.asSlice(0, end);
  }

  private static MemorySegment name(String name) {
    return MemorySegment.ofArray((name + "\0").getBytes(StandardCharsets.US_ASCII));
  }

  private static void read(MemorySegment content, Map<ChainId, List<Counter>> found)
      throws IOException {
    var rule = Netlink.attributes(content, Netlink.NETFILTER_HEADER);
    var chain = Netlink.first(rule, NFTA_RULE_CHAIN).map(Attribute::text).orElse("");
    ChainId id;
    try {
      id = ChainId.parse(chain);
    } catch (IllegalArgumentException _) {
      return; // a base chain, or somebody else's
    }
    var counter = Counter.ZERO;
    var expressions = Netlink.first(rule, NFTA_RULE_EXPRESSIONS);
    if (expressions.isPresent()) {
      for (var expression : Netlink.attributes(expressions.get().content(), 0)) {
        counter = counter.plus(counted(Netlink.attributes(expression.content(), 0)));
      }
    }
    found.computeIfAbsent(id, _ -> new ArrayList<>()).add(counter);
  }

  private static Counter counted(List<Attribute> expression) throws IOException {
    var data = Netlink.first(expression, NFTA_EXPR_DATA);
    var name = Netlink.first(expression, NFTA_EXPR_NAME).map(Attribute::text).orElse("");
    if (!name.equals("counter") || data.isEmpty()) {
      return Counter.ZERO;
    }
    var counter = Netlink.attributes(data.get().content(), 0);
    return new Counter(number(counter, NFTA_COUNTER_PACKETS), number(counter, NFTA_COUNTER_BYTES));
  }

  private static long number(List<Attribute> attributes, int type) {
    return Netlink.first(attributes, type)
        .map(attribute -> attribute.content().get(BIG_ENDIAN, 0))
        .orElse(0L);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("the socket of the rules' counters: {}", e.getMessage());
    }
  }
}
