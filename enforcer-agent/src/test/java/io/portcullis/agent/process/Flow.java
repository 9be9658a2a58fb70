package io.portcullis.agent.process;

import static io.portcullis.Patience.await;

import io.portcullis.agent.kernel.InsideNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/** Packets of one kind, each a connection of its own, and how many of them came. */
final class Flow implements AutoCloseable {
  private static final byte[] ORDINARY = new byte[1];
  private static final byte[] LAST = new byte[2];

  final AtomicLong sent = new AtomicLong();
  final AtomicLong came = new AtomicLong();
  private final DatagramSocket socket;
  private final InetSocketAddress to;
  private final AtomicLong lastCame = new AtomicLong();

  Flow(String serverNamespace, String server, int port) throws Exception {
    to = new InetSocketAddress(InetAddress.getByName(server), port);
    socket = InsideNamespace.call(serverNamespace, () -> new DatagramSocket(port));
    Thread.ofPlatform().daemon().start(this::receive);
  }

  private void receive() {
    while (!socket.isClosed()) {
      try {
        var packet = new DatagramPacket(new byte[8], 8);
        socket.receive(packet);
        if (packet.getLength() == LAST.length) {
          lastCame.incrementAndGet();
        } else {
          came.incrementAndGet();
        }
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  /** Returns when all that has reached the server is counted: a packet of its own comes last. */
  void awaitLast(String serverNamespace) throws Exception {
    var before = lastCame.get();
    InsideNamespace.call(
        serverNamespace,
        () -> {
          send(LAST);
          return null;
        });
    await().until(() -> lastCame.get() > before);
  }

  /** In the client's namespace. */
  void sendOne() throws IOException {
    send(ORDINARY);
    sent.incrementAndGet();
  }

  private void send(byte[] content) throws IOException {
    try (var client = new DatagramSocket()) {
      client.send(new DatagramPacket(content, content.length, to));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
