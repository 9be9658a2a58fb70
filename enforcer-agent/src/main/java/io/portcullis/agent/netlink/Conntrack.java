package io.portcullis.agent.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.portcullis.agent.connections.Connection;
import io.portcullis.agent.connections.ConnectionTable;
import io.portcullis.agent.netlink.Netlink.Attribute;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.nft.CutMark;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and changes the connections that the kernel tracks in one network namespace (see the
 * kernel's {@code nfnetlink_conntrack.h}).
 */
public final class Conntrack implements ConnectionTable {
  private static final Logger LOG = LoggerFactory.getLogger(Conntrack.class);
  private static final int SUBSYSTEM = 1 << 8; // NFNL_SUBSYS_CTNETLINK
  private static final int NEW = SUBSYSTEM; // IPCTNL_MSG_CT_NEW
  private static final int GET = SUBSYSTEM | 1; // IPCTNL_MSG_CT_GET
  private static final int DELETE = SUBSYSTEM | 2; // IPCTNL_MSG_CT_DELETE
  private static final int ENOENT = 2;

  // CTA_TUPLE_ORIG and so on
  private static final int ORIGINAL = 1;
  private static final int REPLY = 2;
  private static final int MARK = 8;
  private static final int MASTER = 14;
  private static final int ZONE = 18;
  private static final int MARK_MASK = 21;
  private static final int NESTED = 0x8000; // NLA_F_NESTED

  // CTA_TUPLE_IP, CTA_TUPLE_PROTO and what is in them
  private static final int ADDRESSES = 1;
  private static final int PROTOCOL = 2;
  private static final int SOURCE_V4 = 1;
  private static final int SOURCE_V6 = 3;
  private static final int NUMBER = 1;
  private static final int SOURCE_PORT = 2;

  private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final NetlinkSocket socket;
  private final CutMark cut;

  private Conntrack(NetlinkSocket socket, CutMark cut) {
    this.socket = socket;
    this.cut = cut;
  }

  /**
   * Opens it in the network namespace of the calling thread.
   *
   * @param cut the mark of connections that are cut
   * @throws IOException when the system has no such sockets
   */
  public static Conntrack open(CutMark cut) throws IOException {
    return new Conntrack(new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER), cut);
  }

  @Override
  public int forEach(Interest interest, Consumer<Connection> use) throws IOException {
    var looked = new int[1];
    var error =
        socket.ask(
            GET,
            NetlinkSocket.DUMP,
            MemorySegment.ofArray(new byte[Netlink.NETFILTER_HEADER]),
            (_, content) -> {
              looked[0]++;
              if (isOfInterest(content, interest)) {
                use.accept(connection(content));
              }
            });
    if (error != 0) {
      throw new IOException("the kernel does not list its connections: error " + error);
    }
    return looked[0];
  }

  /** Reads only what decides: there may be hundreds of thousands of connections. */
  private boolean isOfInterest(MemorySegment content, Interest interest) throws IOException {
    var mark = Netlink.find(content, Netlink.NETFILTER_HEADER, MARK);
    var isCut = mark.isPresent() && (mark.get().get(INT, 0) & cut.bit()) != 0;
    return interest.in(sourceOf(content, ORIGINAL), sourceOf(content, REPLY), isCut);
  }

  private static IpAddress sourceOf(MemorySegment content, int direction) throws IOException {
    var addresses = found(found(content, Netlink.NETFILTER_HEADER, direction), 0, ADDRESSES);
    var source =
        Netlink.find(addresses, 0, SOURCE_V4).or(() -> Netlink.find(addresses, 0, SOURCE_V6));
    return IpAddress.of(source.orElseThrow(() -> isWithout(SOURCE_V6)).toArray(JAVA_BYTE));
  }

  private static MemorySegment found(MemorySegment content, long from, int type)
      throws IOException {
    return Netlink.find(content, from, type).orElseThrow(() -> isWithout(type));
  }

  private static IOException isWithout(int type) {
    return new IOException("the kernel lists a connection without attribute " + type);
  }

  private Connection connection(MemorySegment content) throws IOException {
    var attributes = Netlink.attributes(content, Netlink.NETFILTER_HEADER);
    var tuple = required(attributes, ORIGINAL);
    var original = attributes(tuple);
    var reply = attributes(required(attributes, REPLY));
    var flow = new Flow(source(original), source(reply), port(reply));
    var bits = Netlink.first(attributes, MARK).map(mark -> mark.content().get(INT, 0)).orElse(0);
    var name =
        new Connection.Name(
            content.get(JAVA_BYTE, 0),
            tuple(tuple),
            Netlink.first(attributes, ZONE).map(zone -> zone.content().get(SHORT, 0)));
    var master = Netlink.first(attributes, MASTER).map(nested -> tuple(nested.content()));
    return new Connection(flow, master, (bits & cut.bit()) != 0, name);
  }

  private static Connection.Tuple tuple(MemorySegment nested) {
    return new Connection.Tuple(nested.toArray(JAVA_BYTE));
  }

  private static List<Attribute> attributes(MemorySegment nested) throws IOException {
    return Netlink.attributes(nested, 0);
  }

  private static MemorySegment required(List<Attribute> attributes, int type) throws IOException {
    return Netlink.first(attributes, type).orElseThrow(() -> isWithout(type)).content();
  }

  private static IpAddress source(List<Attribute> tuple) throws IOException {
    var addresses = attributes(required(tuple, ADDRESSES));
    var isV4 = Netlink.first(addresses, SOURCE_V4).isPresent();
    return IpAddress.of(required(addresses, isV4 ? SOURCE_V4 : SOURCE_V6).toArray(JAVA_BYTE));
  }

  /** Returns the port of the end that answers; empty if policies know no ports of the protocol. */
  private static Optional<Flow.Port> port(List<Attribute> reply) throws IOException {
    var parts = attributes(required(reply, PROTOCOL));
    var number = Byte.toUnsignedInt(required(parts, NUMBER).get(JAVA_BYTE, 0));
    for (var protocol : Protocol.values()) {
      if (protocol.number() == number) {
        var port = Short.toUnsignedInt(required(parts, SOURCE_PORT).get(SHORT, 0));
        return Optional.of(new Flow.Port(protocol, port));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean mark(Connection connection, boolean isCut) throws IOException {
    return change(NEW, connection.name(), Optional.of(isCut ? cut.bit() : 0));
  }

  @Override
  public boolean forget(Connection connection) throws IOException {
    return change(DELETE, connection.name(), Optional.empty());
  }

  /**
   * Changes or deletes one connection.
   *
   * @param bit new value of the mark's bit
   * @return whether the connection was still there
   */
  private boolean change(int type, Connection.Name name, Optional<Integer> bit) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var tuple = MemorySegment.ofArray(name.tuple().bytes());
      var message =
          arena.allocate(
              Netlink.NETFILTER_HEADER
                  + Netlink.attributeSize(tuple.byteSize())
                  + 3 * Netlink.attributeSize(Integer.BYTES));
      message.set(JAVA_BYTE, 0, name.family());
      var at = Netlink.putAttribute(message, Netlink.NETFILTER_HEADER, ORIGINAL | NESTED, tuple);
      if (name.zone().isPresent()) {
        var zone = arena.allocate(Short.BYTES);
        zone.set(SHORT, 0, name.zone().get());
        at = Netlink.putAttribute(message, at, ZONE, zone);
      }
      if (bit.isPresent()) {
        at = Netlink.putAttribute(message, at, MARK, number(arena, bit.get()));
        at = Netlink.putAttribute(message, at, MARK_MASK, number(arena, cut.bit()));
      }
      var error = socket.ask(type, NetlinkSocket.ACKNOWLEDGE, message.asSlice(0, at), (_, _) -> {});
      if (error != 0 && error != ENOENT) {
        throw new IOException("the kernel does not change a connection: error " + error);
      }
      return error == 0;
    }
  }

  private static MemorySegment number(Arena arena, int value) {
    var number = arena.allocate(Integer.BYTES);
    number.set(INT, 0, value);
    return number;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("the socket of the connections: {}", e.getMessage());
    }
  }
}
