package io.portcullis.agent.kernel;

import io.portcullis.net.IpAddress;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the addresses of the network namespace of the calling thread. */
public final class NodeAddresses {
  private NodeAddresses() {}

  /**
   * Returns the present addresses.
   *
   * @throws UncheckedIOException when the system does not list them
   */
  public static Set<IpAddress> now() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(address -> IpAddress.of(address.getAddress()))
          .collect(Collectors.toSet());
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }
}
