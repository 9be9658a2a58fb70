package io.portcullis.agent.connections;

import io.portcullis.Patience;
import io.portcullis.agent.kernel.InsideNamespace;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A connection between two namespaces on which one end or both send a byte again and again. */
final class Talk implements AutoCloseable {
  private static final int PAUSE_MILLIS = 10;
  private static final int SILENCE = 50; // as many packets of another connection
  private static final int LIMIT_MILLIS = (int) Patience.LIMIT.toMillis();

  private final List<Closeable> sockets = new ArrayList<>();
  private final AtomicLong heardByClient = new AtomicLong();
  private final AtomicLong heardByServer = new AtomicLong();
  private volatile boolean closed;

  /** Who sends. */
  enum Speaker {
    CLIENT,
    SERVER,
    BOTH
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private Talk() {}

  /**
   * A connection of TCP.
   *
   * @param to the address and port that the client connects to; a service's, perhaps
   */
  static Talk tcp(
      String clientNs, String serverNs, int serverPort, InetSocketAddress to, Speaker speaker)
      throws Exception {
    var talk = new Talk();
    var listener = InsideNamespace.call(serverNs, () -> new ServerSocket(serverPort));
    talk.sockets.add(listener);
    var client =
        InsideNamespace.call(
            clientNs,
            () -> {
              var socket = new Socket();
              socket.setTcpNoDelay(true);
              socket.connect(to, LIMIT_MILLIS);
              return socket;
            });
    var server = listener.accept();
    server.setTcpNoDelay(true);
    talk.sockets.addAll(List.of(client, server));
    if (speaker != Speaker.SERVER) {
      talk.loop(() -> talk.pauseAfter(() -> client.getOutputStream().write(1)));
    }
    if (speaker != Speaker.CLIENT) {
      talk.loop(() -> talk.pauseAfter(() -> server.getOutputStream().write(1)));
    }
    talk.loop(() -> talk.heardByClient.addAndGet(read(client)));
    talk.loop(() -> talk.heardByServer.addAndGet(read(server)));
    return talk;
  }

  private static int read(Socket socket) throws IOException {
    var read = socket.getInputStream().read(new byte[1024]);
    if (read < 0) {
      throw new IOException("closed");
    }
    return read;
  }

  /** A connection of UDP; the client begins. */
  static Talk udp(
      String clientNs, String serverNs, int serverPort, InetSocketAddress to, Speaker speaker)
      throws Exception {
    var talk = new Talk();
    var server = InsideNamespace.call(serverNs, () -> new DatagramSocket(serverPort));
    var client = InsideNamespace.call(clientNs, () -> new DatagramSocket(0));
    talk.sockets.addAll(List.of(client, server));
    client.send(new DatagramPacket(new byte[1], 1, to));
    var first = new DatagramPacket(new byte[1], 1);
    server.setSoTimeout(LIMIT_MILLIS);
    server.receive(first);
    server.setSoTimeout(0);
    var from = first.getSocketAddress();
    server.send(new DatagramPacket(new byte[1], 1, from));
    if (speaker != Speaker.SERVER) {
      talk.loop(() -> talk.pauseAfter(() -> client.send(new DatagramPacket(new byte[1], 1, to))));
    }
    if (speaker != Speaker.CLIENT) {
      talk.loop(() -> talk.pauseAfter(() -> server.send(new DatagramPacket(new byte[1], 1, from))));
    }
    talk.loop(() -> talk.heardByClient.addAndGet(receive(client)));
    talk.loop(() -> talk.heardByServer.addAndGet(receive(server)));
    return talk;
  }

  /** A transfer of TFTP (RFC 1350): the server answers from a port that no rule names. */
  static Talk transfer(String clientNs, String serverNs, int serverPort, InetSocketAddress to)
      throws Exception {
    var talk = new Talk();
    var asked = InsideNamespace.call(serverNs, () -> new DatagramSocket(serverPort));
    var server = InsideNamespace.call(serverNs, () -> new DatagramSocket(0));
    var client = InsideNamespace.call(clientNs, () -> new DatagramSocket(0));
    talk.sockets.addAll(List.of(client, asked, server));
    var read = "\0\1file\0octet\0".getBytes(StandardCharsets.US_ASCII);
    client.send(new DatagramPacket(read, read.length, to));
    var first = new DatagramPacket(new byte[100], 100);
    asked.setSoTimeout(LIMIT_MILLIS);
    asked.receive(first);
    var from = first.getSocketAddress();
    talk.loop(() -> talk.pauseAfter(() -> server.send(new DatagramPacket(new byte[1], 1, from))));
    talk.loop(() -> talk.heardByClient.addAndGet(receive(client)));
    return talk;
  }

  private static int receive(DatagramSocket socket) throws IOException {
    socket.receive(new DatagramPacket(new byte[1], 1));
    return 1;
  }

  static InetSocketAddress at(String ip, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(ip), port);
  }

  private void pauseAfter(Step step) throws IOException, InterruptedException {
    step.run();
    Thread.sleep(PAUSE_MILLIS);
  }

  private void loop(Step step) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (!closed) {
                try {
                  step.run();
                } catch (IOException _) {
                  return; // closed, or the system gave the connection up: nothing is heard any more
                } catch (InterruptedException _) {
                  return;
                }
              }
            });
  }

  /** How much both ends have heard. */
  long heard() {
    return heardByClient.get() + heardByServer.get();
  }

  /** Waits until either end hears something more. */
  void isHeard() {
    var before = heard();
    Patience.await("something is heard").until(() -> heard() > before);
  }

  /**
   * Waits until neither end hears anything while another connection goes on.
   *
   * @param other speaks as often as this one
   */
  void isSilentWhile(Talk other) {
    Patience.await("nothing is heard")
        .until(
            () -> {
              var before = heard();
              var begin = other.heard();
              Patience.await().until(() -> other.heard() >= begin + SILENCE);
              return heard() == before;
            });
  }

  @Override
  public void close() throws IOException {
    closed = true;
    for (var socket : sockets) {
      socket.close();
    }
  }
}
