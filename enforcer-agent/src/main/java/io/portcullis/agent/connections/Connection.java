package io.portcullis.agent.connections;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import java.util.Optional;

/**
 * A connection as the kernel tracks it.
 *
 * @param flow from the original source to the source of the replies and its port: the original
 *     destination may be a service's address (T3)
 * @param related whether another connection brought it about; it follows that one (T2)
 * @param cut whether its mark says that it is cut
 * @param name what the kernel knows it by
 */
public record Connection(Flow flow, boolean related, boolean cut, Name name) {

  /**
   * A tracked connection's name in the kernel.
   *
   * @param family of its addresses, as the kernel numbers it
   * @param tuple its original tuple as the kernel wrote it
   * @param zone if it has one
   */
  public record Name(byte family, byte[] tuple, Optional<Short> zone) {}

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
