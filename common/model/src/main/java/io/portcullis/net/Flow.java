package io.portcullis.net;

import java.util.Optional;

/**
 * The first packet of a connection, with the addresses after service translation (T2, T3).
 *
 * @param port the destination's port; empty for protocols without ports (ICMP, ICMPv6)
 */
public record Flow(IpAddress source, IpAddress destination, Optional<Port> port) {

  /** A protocol and the destination's port number. */
  public record Port(Protocol protocol, int number) {}

  public Flow {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException("two families: " + source + " to " + destination);
    }
  }
}
