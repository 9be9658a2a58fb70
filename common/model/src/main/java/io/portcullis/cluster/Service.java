package io.portcullis.cluster;

import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.List;
import java.util.Map;

/**
 * A Service, as far as it tells which pods answer at its own addresses. No policy ever matches
 * these addresses (T3), so it is no cluster object; it is for answers to people.
 *
 * @param addresses the cluster IPs; none for a headless Service
 * @param selector the labels of the pods behind it; empty where something else names its endpoints
 */
public record Service(
    String namespace,
    String name,
    List<IpAddress> addresses,
    Map<String, String> selector,
    List<Port> ports) {
  public Service {
    addresses = List.copyOf(addresses);
    selector = Map.copyOf(selector);
    ports = List.copyOf(ports);
  }

  /** A port of a Service, and the port of its pods that it stands for. */
  public record Port(Protocol protocol, int number, Target target) {}

  /** The port of the pods. */
  public sealed interface Target {
    record Numbered(int number) implements Target {}

    /** A container port's name, which may be another number at each pod, or none. */
    record Named(String name) implements Target {}
  }
}
