package io.portcullis.bench.connections;

import io.portcullis.agent.netlink.Libc;
import io.portcullis.agent.netlink.Netlink;
import io.portcullis.agent.netlink.NetlinkSocket;
import io.portcullis.bench.network.Route;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Makes connections of UDP from clients to the server in the kernel's table, without packets. */
final class TrackedFlows {
  private static final int NEW = 1 << 8; // NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_NEW
  private static final int CREATE = 0x400; // NLM_F_CREATE
  private static final int NESTED = 0x8000; // NLA_F_NESTED
  private static final int ASSURED = 0xe; // IPS_SEEN_REPLY, IPS_ASSURED, IPS_CONFIRMED
  private static final int UDP = 17;
  private static final int SECONDS = 600;
  private static final int FIRST_PORT = 20_000;

  private TrackedFlows() {}

  /** Returns the port of a client's connection of that number. */
  static int port(int number) {
    return FIRST_PORT + number;
  }

  /** Makes that many connections of each of these clients, in the calling thread's namespace. */
  static void make(int firstClient, int endClient, int each) throws IOException {
    try (var socket = new NetlinkSocket(Libc.load(), Libc.NETLINK_NETFILTER)) {
      for (var client = firstClient; client < endClient; client++) {
        for (var number = 0; number < each; number++) {
          make(socket, Route.client(Family.V4, client), port(number));
        }
      }
    }
  }

  private static void make(NetlinkSocket socket, IpAddress client, int port) throws IOException {
    var server = Route.server(Family.V4);
    var message = MemorySegment.ofArray(new byte[256]);
    message.asByteBuffer().put((byte) 2); // AF_INET
    long at = Netlink.NETFILTER_HEADER;
    at = Netlink.putAttribute(message, at, 1 | NESTED, tuple(client, port, server, Route.PORT));
    at = Netlink.putAttribute(message, at, 2 | NESTED, tuple(server, Route.PORT, client, port));
    at = Netlink.putAttribute(message, at, 3, number(ASSURED)); // CTA_STATUS
    at = Netlink.putAttribute(message, at, 7, number(SECONDS)); // CTA_TIMEOUT
    var error =
        socket.ask(NEW, NetlinkSocket.ACKNOWLEDGE | CREATE, message.asSlice(0, at), (_, _) -> {});
    if (error != 0) {
      throw new IOException("the kernel does not make a connection: error " + error);
    }
  }

  private static MemorySegment tuple(IpAddress from, int fromPort, IpAddress to, int toPort)
      throws IOException {
    var addresses = MemorySegment.ofArray(new byte[16]);
    var at = Netlink.putAttribute(addresses, 0, 1, address(from));
    Netlink.putAttribute(addresses, at, 2, address(to));
    var ports = MemorySegment.ofArray(new byte[24]);
    at = Netlink.putAttribute(ports, 0, 1, MemorySegment.ofArray(new byte[] {UDP}));
    at = Netlink.putAttribute(ports, at, 2, port16(fromPort));
    Netlink.putAttribute(ports, at, 3, port16(toPort));
    var tuple = MemorySegment.ofArray(new byte[20 + 28]);
    at = Netlink.putAttribute(tuple, 0, 1 | NESTED, addresses);
    Netlink.putAttribute(tuple, at, 2 | NESTED, ports);
    return tuple;
  }

  private static MemorySegment address(IpAddress ip) throws IOException {
    return MemorySegment.ofArray(InetAddress.getByName(ip.toString()).getAddress());
  }

  private static MemorySegment port16(int port) {
    return MemorySegment.ofArray(ByteBuffer.allocate(2).putShort((short) port).array());
  }

  private static MemorySegment number(int value) {
    return MemorySegment.ofArray(ByteBuffer.allocate(4).putInt(value).array());
  }
}
