package io.portcullis.lab.probe;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One new TCP or UDP connection to try, from an address of one site to an address of another. */
public record Probe(
    Site from, IpAddress source, Site to, IpAddress destination, Protocol protocol, int port) {

  /** The protocols that are probed. SCTP is not: many kernels lack its module. */
  static final List<Protocol> PROTOCOLS = List.of(Protocol.TCP, Protocol.UDP);

  /**
   * Returns a probe for every ordered pair of sites except two outside hosts, in every family that
   * both have.
   */
  public static List<Probe> all(Collection<Site> sites, Collection<Integer> ports) {
    var probes = new ArrayList<Probe>();
    for (var from : sites) {
      for (var to : sites) {
        if (from.equals(to)
            || (from.kind() == Site.Kind.OUTSIDE && to.kind() == Site.Kind.OUTSIDE)) {
          continue;
        }
        between(from, to, ports, probes);
      }
    }
    return List.copyOf(probes);
  }

  private static void between(
      Site from, Site to, Collection<Integer> ports, Collection<Probe> probes) {
    for (var destination : to.addresses()) {
      var source = addressOf(from, destination);
      if (source.isEmpty()) {
        continue;
      }
      for (var protocol : PROTOCOLS) {
        for (var port : ports) {
          probes.add(new Probe(from, source.get(), to, destination, protocol, port));
        }
      }
    }
  }

  private static Optional<IpAddress> addressOf(Site site, IpAddress peer) {
    return site.addresses().stream().filter(ip -> ip.family() == peer.family()).findFirst();
  }

  /** Returns the flow that policies decide. */
  public Flow flow() {
    return new Flow(source, destination, Optional.of(new Flow.Port(protocol, port)));
  }

  /** Returns protocol and port, such as {@code tcp/80}. */
  public String portText() {
    return protocol.nft() + "/" + port;
  }

  @Override
  public String toString() {
    return "%s (%s) -> %s (%s) %s"
        .formatted(from.name(), source, to.name(), destination, portText());
  }
}
