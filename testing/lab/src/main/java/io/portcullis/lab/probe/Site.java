package io.portcullis.lab.probe;

import io.portcullis.net.IpAddress;
import java.util.List;

/**
 * One end of probes: a pod or an outside host.
 *
 * @param name the pod, as {@code namespace/name}, or the host's name
 * @param netns its network namespace
 * @param addresses its addresses
 * @param kind whether it is a pod
 */
public record Site(String name, String netns, List<IpAddress> addresses, Kind kind) {

  /** Tells whether the site is part of the cluster, and so known to policies. */
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
