package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.portcullis.agent.netlink.Netlink.Attribute;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.DeniedLog;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads our group of the kernel's log of packets (nflog), in the network namespace of the thread
 * that opens it. One thread reads it.
 */
public final class PacketLog implements AutoCloseable {
  private static final int NFULNL_MSG_PACKET = 4 << 8; // NFNL_SUBSYS_ULOG
  private static final int NFULNL_MSG_CONFIG = 4 << 8 | 1;
  private static final int NFULA_CFG_CMD = 1;
  private static final int NFULA_CFG_MODE = 2;
  private static final int NFULA_CFG_TIMEOUT = 4;
  private static final byte NFULNL_CFG_CMD_BIND = 1;
  private static final byte NFULNL_COPY_PACKET = 2;
  private static final int NFULA_PAYLOAD = 9;
  private static final int NFULA_PREFIX = 10;
  private static final int LATEST_HUNDREDTHS = 20;
  private static final int V4_HEADER = 20;
  private static final int V6_HEADER = 40;
  private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final NetlinkSocket socket;

  /**
   * A logged packet.
   *
   * @param prefix of the rule that logged it
   * @param protocol as IANA numbers it
   * @param port of the destination, where the protocol has ports
   */
  public record Packet(
      String prefix, IpAddress from, IpAddress to, int protocol, OptionalInt port) {}

  private PacketLog(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Opens the log.
   *
   * @throws IOException where Java or the kernel cannot, or another process reads the group
   */
  public static PacketLog open() throws IOException {
    var log = new PacketLog(new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER));
    log.set(NFULA_CFG_CMD, MemorySegment.ofArray(new byte[] {NFULNL_CFG_CMD_BIND}));
    var mode = MemorySegment.ofArray(new byte[6]); // struct nfulnl_msg_config_mode
    mode.set(INT, 0, DeniedLog.LONGEST_PACKET);
    mode.set(JAVA_BYTE, 4, NFULNL_COPY_PACKET);
    log.set(NFULA_CFG_MODE, mode);
    var latest = MemorySegment.ofArray(new byte[4]);
    latest.set(INT, 0, LATEST_HUNDREDTHS);
    log.set(NFULA_CFG_TIMEOUT, latest);
    return log;
  }

  private void set(int type, MemorySegment value) throws IOException {
    var message =
        MemorySegment.ofArray(
            new byte[(int) (Netlink.NETFILTER_HEADER + Netlink.attributeSize(value.byteSize()))]);
    message.set(SHORT, 2, (short) DeniedLog.GROUP);
    Netlink.putAttribute(message, Netlink.NETFILTER_HEADER, type, value);
    var error = socket.ask(NFULNL_MSG_CONFIG, NetlinkSocket.ACKNOWLEDGE, message, (_, _) -> {});
    if (error != 0) {
      throw new IOException("the kernel's log of packets cannot be read: error " + error);
    }
  }

  /** Ends the wait of another thread. */
  public void wake() throws IOException {
    socket.wake();
  }

  /** Waits until packets were logged, or another thread ends the wait, and returns them. */
  public List<Packet> await() throws IOException {
    NetlinkSocket.awaitAny(socket);
    var packets = new ArrayList<Packet>();
    for (var message : socket.notifications()) {
      if (message.type() == NFULNL_MSG_PACKET) {
        packet(Netlink.attributes(message.content(), Netlink.NETFILTER_HEADER))
            .ifPresent(packets::add);
      }
    }
    return packets;
  }

  private static Optional<Packet> packet(List<Attribute> attributes) {
    var prefix = Netlink.first(attributes, NFULA_PREFIX).map(Attribute::text).orElse("");
    return Netlink.first(attributes, NFULA_PAYLOAD)
        .flatMap(payload -> packet(prefix, payload.content()));
  }

  private static Optional<Packet> packet(String prefix, MemorySegment ip) {
    var version = ip.byteSize() == 0 ? 0 : ip.get(JAVA_BYTE, 0) >> 4;
    if (version == 4 && ip.byteSize() >= V4_HEADER) {
      var header = (ip.get(JAVA_BYTE, 0) & 0xf) * 4;
      var isFirst = (ip.get(SHORT, 6) & 0x1fff) == 0; // another fragment has no ports
      return Optional.of(
          packet(prefix, ip, new Addresses(12, 4), ip.get(JAVA_BYTE, 9), isFirst ? header : -1));
    }
    if (version == 6 && ip.byteSize() >= V6_HEADER) {
      return Optional.of(packet(prefix, ip, new Addresses(8, 16), ip.get(JAVA_BYTE, 6), V6_HEADER));
    }
    return Optional.empty();
  }

  /** Where the addresses are in a header. */
  private record Addresses(int from, int size) {}

  private static Packet packet(
      String prefix, MemorySegment ip, Addresses at, byte protocol, int ports) {
    return new Packet(
        prefix,
        IpAddress.of(ip.asSlice(at.from(), at.size()).toArray(JAVA_BYTE)),
        IpAddress.of(ip.asSlice(at.from() + at.size(), at.size()).toArray(JAVA_BYTE)),
        Byte.toUnsignedInt(protocol),
        port(ip, Byte.toUnsignedInt(protocol), ports));
  }

  private static OptionalInt port(MemorySegment ip, int protocol, int ports) {
    return switch (protocol) {
      case 6, 17, 132 ->
          ports >= 0 && ip.byteSize() >= ports + 4
              ? OptionalInt.of(Short.toUnsignedInt(ip.get(SHORT, ports + 2)))
              : OptionalInt.empty();
      default -> OptionalInt.empty();
    };
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
