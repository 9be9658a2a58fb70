package io.portcullis.agent.connections;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * A connection that the kernel tracks.
 *
 * @param flow from the original source to the source of the replies and its port: the original
 *     destination may be a service's address (T3)
 * @param master the connection that brought it about and that it follows (T2), if one did
 * @param cut whether its mark says that it is cut
 * @param name what the kernel knows it by
 */
public record Connection(Flow flow, Optional<Tuple> master, boolean cut, Name name) {

  /**
   * The name of a tracked connection in the kernel.
   *
   * @param family of its addresses, as the kernel numbers it
   * @param tuple its original tuple
   * @param zone if it has one
   */
  public record Name(byte family, Tuple tuple, Optional<Short> zone) {}

  /** Addresses, protocol and ports as the kernel wrote them. */
  public record Tuple(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Tuple(var those) && Arrays.equals(bytes, those);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  boolean isOf(IpAddress address) {
    return flow.source().equals(address) || flow.destination().equals(address);
  }

  @Override
  public String toString() {
    return flow.source()
        + " to "
        + flow.destination()
        + flow.port().map(port -> " " + port.protocol().nft() + "/" + port.number()).orElse("");
  }
}
