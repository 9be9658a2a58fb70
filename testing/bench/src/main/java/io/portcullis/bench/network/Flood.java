package io.portcullis.bench.network;

import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends UDP from clients to the server, as fast as one thread can. */
public final class Flood implements AutoCloseable {
  private static final int BURST = 64;

  private final List<DatagramChannel> channels;
  private final ByteBuffer payload = ByteBuffer.allocateDirect(1);

  private Flood(List<DatagramChannel> channels) {
    this.channels = channels;
  }

  /**
   * Opens the sockets.
   *
   * @param route the network
   * @param family the address family
   * @param clients how many clients send, in turn
   */
  public static Flood open(Route route, Family family, int clients) throws InterruptedException {
    return route
        .clients()
        .call(
            () -> {
              var channels = new ArrayList<DatagramChannel>();
              for (var i = 0; i < clients; i++) {
                channels.add(
                    DatagramChannel.open()
                        .bind(socket(Route.client(family, i), 0))
                        .connect(socket(Route.server(family), Route.PORT)));
              }
              return new Flood(channels);
            });
  }

  private static InetSocketAddress socket(IpAddress ip, int port) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(ip.toString()), port);
  }

  /**
   * Sends packets.
   *
   * @param packets how many packets to send
   * @return how long it took, in nanoseconds
   */
  public long send(int packets) throws IOException {
    var begun = System.nanoTime();
    for (var i = 0; i < packets; i++) {
      var channel = channels.get(i % channels.size());
      payload.clear();
      channel.write(payload);
    }
    return System.nanoTime() - begun;
  }

  /** Work that is done while packets flow. */
  public interface Work {
    void run() throws Exception;
  }

  /** Runs the work while packets flow, from before it begins until it has ended. */
  public void during(Work work) throws Exception {
    var begun = new CountDownLatch(1);
    var stop = new AtomicBoolean();
    var flowing = new FutureTask<>(() -> flow(begun, stop));
    Thread.ofPlatform().name("flood").daemon().start(flowing);
    try {
      begun.await();
      work.run();
    } finally {
      stop.set(true); // an interrupt would close the sockets
    }
    try {
      flowing.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the flood stopped: " + e.getCause(), e.getCause());
    }
  }

  private Void flow(CountDownLatch begun, AtomicBoolean stop) throws IOException {
    try {
      do {
        send(BURST);
        begun.countDown();
      } while (!stop.get());
      return null;
    } finally {
      begun.countDown(); // if the flood cannot start, the end of the work reports it
    }
  }

  @Override
  public void close() throws IOException {
    for (var channel : channels) {
      channel.close();
    }
  }
}
