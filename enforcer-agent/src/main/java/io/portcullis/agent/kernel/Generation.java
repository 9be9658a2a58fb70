package io.portcullis.agent.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.portcullis.agent.netlink.Libc;
import io.portcullis.agent.netlink.Netlink;
import io.portcullis.agent.netlink.Netlink.Attribute;
import io.portcullis.agent.netlink.NetlinkSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the kernel for the generation of its tables in one network namespace: the number of nftables
 * transactions that anybody has committed. If it has not moved, no table was changed. Asking takes
 * microseconds, also for whether a table is there. One thread uses it.
 */
public final class Generation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
  private static final int NFT_MSG_NEWGEN = 10 << 8 | 15; // NFNL_SUBSYS_NFTABLES
  private static final int NFT_MSG_GETGEN = 10 << 8 | 16;
  private static final int NFTA_GEN_ID = 1;
  private static final int NFT_MSG_GETTABLE = 10 << 8 | 1;
  private static final int NFTA_TABLE_NAME = 1;
  private static final byte NFPROTO_INET = 1;
  private static final int ENOENT = 2;

  private final NetlinkSocket socket;
  private boolean told;

  private Generation(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens it in the network namespace of the calling thread, where Java and the system can. */
  public static Optional<Generation> open() {
    try {
      return Optional.of(new Generation(new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER)));
    } catch (IOException e) {
      LOG.warn(
          "the table is read back twice a second: the kernel's generation cannot be asked: {}",
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns the generation now; empty if the kernel does not say it. */
  OptionalLong now() {
    try {
      var found = new long[] {-1};
      var error =
          socket.ask(
              NFT_MSG_GETGEN,
              NetlinkSocket.ONE,
              MemorySegment.ofArray(new byte[Netlink.NETFILTER_HEADER]),
              (type, content) -> found[0] = parse(type, content));
      if (error != 0) {
        throw new IOException("error " + error);
      }
      return OptionalLong.of(found[0]);
    } catch (IOException e) {
      if (!told) {
        LOG.warn("the kernel does not say the generation of its tables: {}", e.getMessage());
        told = true;
      }
      return OptionalLong.empty();
    }
  }

  private static long parse(int type, MemorySegment content) throws IOException {
    var count =
        Netlink.first(Netlink.attributes(content, Netlink.NETFILTER_HEADER), NFTA_GEN_ID)
            .map(Attribute::content)
            .filter(number -> type == NFT_MSG_NEWGEN && number.byteSize() == Integer.BYTES)
            .orElseThrow(() -> new IOException("an answer without a generation"));
    return Integer.toUnsignedLong(count.get(JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 0));
  }

  /** Returns whether there surely is no table of family inet with that name. */
  public boolean isGone(String table) {
    var name = (table + '\0').getBytes(StandardCharsets.US_ASCII);
    var size = Netlink.NETFILTER_HEADER + Netlink.attributeSize(name.length);
    var question = MemorySegment.ofArray(new byte[(int) size]);
    question.set(JAVA_BYTE, 0, NFPROTO_INET);
    Netlink.putAttribute(
        question, Netlink.NETFILTER_HEADER, NFTA_TABLE_NAME, MemorySegment.ofArray(name));
    try {
      return socket.ask(NFT_MSG_GETTABLE, NetlinkSocket.ONE, question, (_, _) -> {}) == ENOENT;
    } catch (IOException e) {
      LOG.debug("the kernel does not say whether {} is there", table, e);
      return false;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("the socket of the generation: {}", e.getMessage());
    }
  }
}
