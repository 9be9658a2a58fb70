package io.portcullis.lab.probe;

import io.portcullis.net.IpAddress;
import java.util.List;

/**
 * One end of probes: a pod or an outside host.
 *
 * @param name {@code namespace/name} of a pod, or the host's name
 * @param netns its network namespace
 */
public record Site(String name, String netns, List<IpAddress> addresses, Kind kind) {

  /** Whether the cluster's policies know it. */
  public enum Kind {
    POD,
    OUTSIDE
  }

  public Site {
    addresses = List.copyOf(addresses);
  }

  public static Site pod(String name, String netns, List<IpAddress> addresses) {
    return new Site(name, netns, addresses, Kind.POD);
  }

  public static Site outside(String name, String netns, List<IpAddress> addresses) {
    return new Site(name, netns, addresses, Kind.OUTSIDE);
  }
}
