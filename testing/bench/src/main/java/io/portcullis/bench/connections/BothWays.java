package io.portcullis.bench.connections;

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
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Two floods over tracked connections: some clients send to the server, it sends to all of them.
 */
final class BothWays implements AutoCloseable {
  private static final int SENDING = 3; // connections of each client

  private final AtomicBoolean stop = new AtomicBoolean();
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * Begins to send.
   *
   * @param each how many connections the server sends to of each client
   */
  static BothWays begin(Route route, int each) throws Exception {
    var both = new BothWays();
    var fromClients = route.clients().call(() -> both.clients());
    var server = route.server().call(() -> both.server());
    both.start(() -> both.toServer(fromClients));
    both.start(() -> both.toClients(server, each));
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

  private static InetSocketAddress at(IpAddress ip, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(ip.toString()), port);
  }

  private interface Sending {
    void run() throws IOException;
  }

  private void start(Sending sending) {
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    sending.run();
                  } catch (IOException e) {
                    throw new IllegalStateException("the flood stopped: " + e.getMessage(), e);
                  }
                }));
  }

  private void toServer(List<DatagramChannel> from) throws IOException {
    var payload = ByteBuffer.allocateDirect(1);
    while (!stop.get()) {
      for (var channel : from) {
        payload.clear();
        channel.write(payload);
      }
    }
  }

  private void toClients(DatagramChannel from, int each) throws IOException {
    var payload = ByteBuffer.allocateDirect(1);
    var targets = new ArrayList<InetSocketAddress>();
    for (var number = 0; number < each; number++) {
      for (var client = 0; client < Route.CLIENTS; client++) {
        targets.add(at(Route.client(Family.V4, client), TrackedFlows.port(number)));
      }
    }
    for (var i = 0; !stop.get(); i = (i + 1) % targets.size()) {
      payload.clear();
      from.send(payload, targets.get(i));
    }
  }

  @Override
  public void close() throws IOException {
    stop.set(true);
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var channel : channels) {
      channel.close();
    }
  }
}
