package io.portcullis.bench.connections;

import io.portcullis.bench.network.Repetition;
import io.portcullis.bench.network.Route;
import io.portcullis.net.Family;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections of TCP from all clients to the server, over which both ends send, or only the server.
 */
final class TcpFlows implements AutoCloseable {
  /** Of each client; over every second one only the server sends. */
  static final int EACH = 4;

  private static final int PAYLOAD = 64;

  /** The floods of UDP need the processors too. */
  private static final long BETWEEN_ROUNDS_MICROS = 500;

  private final List<Repetition> senders = new ArrayList<>();
  private final List<SocketChannel> ofClients = new ArrayList<>();
  private final List<SocketChannel> ofServer = new ArrayList<>();

  private TcpFlows() {}

  /** Connects and begins to send. The router must let all clients reach the server. */
  static TcpFlows begin(Route route) throws Exception {
    var flows = new TcpFlows();
    try {
      flows.connect(route);
    } catch (IOException | InterruptedException | RuntimeException e) {
      flows.close();
      throw e;
    }
    var speaking = new ArrayList<SocketChannel>();
    for (var i = 0; i < flows.ofClients.size(); i += 2) {
      speaking.add(flows.ofClients.get(i));
    }
    flows.start(speaking, flows.ofClients);
    flows.start(flows.ofServer, flows.ofServer);
    return flows;
  }

  private void connect(Route route) throws IOException, InterruptedException {
    try (var listening =
        route
            .server()
            .call(
                () ->
                    ServerSocketChannel.open()
                        .bind(BothWays.at(Route.server(Family.V4), Route.PORT)))) {
      for (var client = 0; client < Route.CLIENTS; client++) {
        var from = BothWays.at(Route.client(Family.V4, client), 0);
        for (var number = 0; number < EACH; number++) {
          ofClients.add(route.clients().call(() -> SocketChannel.open().bind(from)));
          ofClients.getLast().connect(BothWays.at(Route.server(Family.V4), Route.PORT));
          ofServer.add(listening.accept());
        }
      }
    }
    for (var channels : List.of(ofClients, ofServer)) {
      for (var channel : channels) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true); // each write is a packet
        channel.setOption(StandardSocketOptions.SO_LINGER, 0); // the next ones have these ports
        channel.configureBlocking(false);
      }
    }
  }

  private void start(List<SocketChannel> speaking, List<SocketChannel> listening) {
    var payload = ByteBuffer.allocateDirect(PAYLOAD);
    var received = ByteBuffer.allocateDirect(1 << 16);
    senders.add(
        Repetition.begin(
            "flood of TCP",
            () -> {
              for (var channel : speaking) {
                payload.clear();
                channel.write(payload); // nothing where the connection is cut and its buffer full
              }
              for (var channel : listening) {
                received.clear();
                channel.read(received);
              }
              TimeUnit.MICROSECONDS.sleep(BETWEEN_ROUNDS_MICROS);
            }));
  }

  @Override
  public void close() throws IOException {
    senders.forEach(Repetition::close);
    for (var channels : List.of(ofClients, ofServer)) {
      for (var channel : channels) {
        channel.close();
      }
    }
  }
}
