package io.portcullis.endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Gives the service free ports of a range, so that several replicas run on one node's network. A
 * port that is set by itself counts more. The ports are chosen once in a process.
 */
public final class FreePorts implements ConfigSource {
  /** More than the service's own defaults, and less than the environment. */
  private static final int ORDINAL = 275;

  private static final String RANGE = "PORTCULLIS_PORTS";
  private static final String MANAGEMENT = "quarkus.management.port";
  private static final String MAIN = "quarkus.http.port";

  private static Optional<Map<String, String>> chosen = Optional.empty();

  private final Map<String, String> ports;

  /** Chooses ports if there is a range in the environment. */
  public FreePorts() {
    this.ports = ofProcess();
  }

  private static synchronized Map<String, String> ofProcess() {
    var range = System.getenv(RANGE);
    if (range != null && !range.isBlank() && chosen.isEmpty()) {
      var ports = PortPair.parse(range).stream().filter(FreePorts::areFree).findFirst();
      chosen =
          Optional.of(
              ports
                  .map(
                      pair ->
                          Map.of(
                              MANAGEMENT,
                              Integer.toString(pair.management()),
                              MAIN,
                              Integer.toString(pair.main())))
                  .orElseThrow(
                      () -> new IllegalStateException(RANGE + ": no port is free in " + range)));
    }
    return chosen.orElse(Map.of());
  }

  private static boolean areFree(PortPair pair) {
    return isFree(new InetSocketAddress(pair.management()))
        && isFree(new InetSocketAddress(InetAddress.getLoopbackAddress(), pair.main()));
  }

  private static boolean isFree(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (IOException _) {
      return false; // somebody listens there
    }
  }

  @Override
  public Set<String> getPropertyNames() {
    return ports.keySet();
  }

  @Override
  public String getValue(String name) {
    return ports.get(name);
  }

  @Override
  public String getName() {
    return "free ports of " + RANGE;
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
