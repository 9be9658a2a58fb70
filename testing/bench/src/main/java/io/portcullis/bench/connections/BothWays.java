package io.portcullis.bench.connections;

import io.portcullis.bench.network.Repetition;
import io.portcullis.bench.network.Route;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Two floods of UDP over tracked connections: some clients send to the server, it sends to all of
 * them.
 */
final class BothWays implements AutoCloseable {
  private static final int SENDING = 3; // connections of each client

  private final List<Repetition> senders = new ArrayList<>();
  private final List<DatagramChannel> channels = new ArrayList<>();

  /**
   * Begins to send.
   *
   * @param each how many connections the server sends to of each client
   */
  static BothWays begin(Route route, int each) throws Exception {
    var both = new BothWays();
    var fromClients = route.clients().call(() -> both.clients());
    var server = route.server().call(() -> both.server());
    both.toServer(fromClients);
    both.toClients(server, each);
    return both;
  }

  private List<DatagramChannel> clients() throws IOException {
    for (var client = 0; client < Route.CLIENTS; client++) {
      for (var number = 0; number < SENDING; number++) {
        channels.add(
            DatagramChannel.open()
                .bind(at(Route.client(Family.V4, client), TrackedFlows.port(number)))
                .connect(at(Route.server(Family.V4), Route.PORT)));
      }
    }
    return List.copyOf(channels);
  }

  private DatagramChannel server() throws IOException {
    var channel = DatagramChannel.open().bind(at(Route.server(Family.V4), Route.PORT));
    channels.add(channel);
    return channel;
  }

  static InetSocketAddress at(IpAddress ip, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(ip.toString()), port);
  }

  private void toServer(List<DatagramChannel> from) {
    var payload = ByteBuffer.allocateDirect(1);
    senders.add(
        Repetition.begin(
            "flood to the server",
            () -> {
              for (var channel : from) {
                payload.clear();
                channel.write(payload);
              }
            }));
  }

  private void toClients(DatagramChannel from, int each) throws IOException {
    var payload = ByteBuffer.allocateDirect(1);
    var targets = new ArrayList<InetSocketAddress>();
    for (var number = 0; number < each; number++) {
      for (var client = 0; client < Route.CLIENTS; client++) {
        targets.add(at(Route.client(Family.V4, client), TrackedFlows.port(number)));
      }
    }
    senders.add(
        Repetition.begin(
            "flood to the clients",
            () -> {
              for (var target : targets) {
                payload.clear();
                from.send(payload, target);
              }
            }));
  }

  @Override
  public void close() throws IOException {
    senders.forEach(Repetition::close);
    for (var channel : channels) {
      channel.close();
    }
  }
}
