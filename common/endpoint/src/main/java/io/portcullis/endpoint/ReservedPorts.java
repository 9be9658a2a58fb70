package io.portcullis.endpoint;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;

/**
 * Two ports that are free, and that no other replica on the node's network takes between this check
 * and the service's own start, which is seconds later. The reservation is the UDP port of the same
 * number on the loopback: replicas may share nothing but their network, and that is given once.
 */
final class ReservedPorts implements AutoCloseable {
  private final PortPair ports;
  private final DatagramSocket reservation;

  private ReservedPorts(PortPair ports, DatagramSocket reservation) {
    this.ports = ports;
    this.reservation = reservation;
  }

  /** Reserves the first of some ports that are free and that nobody has reserved. */
  static Optional<ReservedPorts> first(List<PortPair> pairs) {
    for (var pair : pairs) {
      var reserved = reserve(pair);
      if (reserved.isPresent()) {
        return reserved;
      }
    }
    return Optional.empty();
  }

  private static Optional<ReservedPorts> reserve(PortPair pair) {
    try {
      var reserved = new ReservedPorts(pair, new DatagramSocket(onLoopback(pair.management())));
      if (isFree(new InetSocketAddress(pair.management())) && isFree(onLoopback(pair.main()))) {
        return Optional.of(reserved);
      }
      reserved.close();
      return Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // somebody has reserved it
    }
  }

  private static InetSocketAddress onLoopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static boolean isFree(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (IOException _) {
      return false; // somebody listens there
    }
  }

  PortPair ports() {
    return ports;
  }

  @Override
  public void close() {
    reservation.close();
  }
}
