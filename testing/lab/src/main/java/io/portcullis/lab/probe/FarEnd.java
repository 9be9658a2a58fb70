package io.portcullis.lab.probe;

import io.portcullis.net.Protocol;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of the lab at one address and port. It accepts connections, or returns datagrams. */
record FarEnd(ProtocolFamily family, InetSocketAddress address, Protocol protocol) {
  private static final Logger LOG = LoggerFactory.getLogger(FarEnd.class);
  private static final int BACKLOG = 1024;
  private static final int LONGEST_DATAGRAM = 64;

  static FarEnd of(Probe probe) {
    return new FarEnd(Attempt.family(probe), Attempt.destination(probe), probe.protocol());
  }

  /**
   * Listens; the calling thread must be in the destination's namespace. If another program has the
   * port, nothing is opened: that program answers, or the report shows what came back.
   */
  void open(Selector selector) throws IOException {
    switch (protocol) {
      case TCP -> {
        var server = ServerSocketChannel.open(family);
        try {
          server.bind(address, BACKLOG);
        } catch (BindException e) {
          server.close();
          return;
        }
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, this);
      }
      case UDP -> {
        var server = DatagramChannel.open(family);
        try {
          server.bind(address);
        } catch (BindException e) {
          server.close();
          return;
        }
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_READ, this);
      }
      case SCTP -> throw new IllegalArgumentException("SCTP cannot be probed");
    }
  }

  void answer(SelectionKey key) throws IOException {
    switch (key.channel()) {
      case ServerSocketChannel tcp -> {
        for (var taken = tcp.accept(); taken != null; taken = tcp.accept()) {
          taken.close();
        }
      }
      case DatagramChannel udp -> {
        var datagram = ByteBuffer.allocate(LONGEST_DATAGRAM);
        for (var from = udp.receive(datagram); from != null; from = udp.receive(datagram)) {
          echo(udp, datagram.flip(), from);
          datagram.clear();
        }
      }
      default -> throw new IllegalStateException("not a server of the lab: " + key.channel());
    }
  }

  /** Returns the datagram. If that fails, the probe sees silence and the log has the reason. */
  private void echo(DatagramChannel udp, ByteBuffer datagram, SocketAddress to) {
    try {
      udp.send(datagram, to);
    } catch (IOException e) {
      LOG.debug("{} cannot answer {}: {}", address, to, e.getMessage());
    }
  }
}
