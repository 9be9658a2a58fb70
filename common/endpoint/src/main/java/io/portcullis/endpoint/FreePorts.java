package io.portcullis.endpoint;

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

  /** The ports of this process, which are reserved for as long as it lives. */
  private static Optional<ReservedPorts> chosen = Optional.empty();

  private final Map<String, String> ports;

  /** Chooses ports if there is a range in the environment. */
  public FreePorts() {
    this.ports = ofProcess();
  }

  private static synchronized Map<String, String> ofProcess() {
    var range = System.getenv(RANGE);
    if (range != null && !range.isBlank() && chosen.isEmpty()) {
      chosen =
          Optional.of(
              ReservedPorts.first(PortPair.parse(range))
                  .orElseThrow(
                      () -> new IllegalStateException(RANGE + ": no port is free in " + range)));
    }
    return chosen
        .map(ReservedPorts::ports)
        .map(
            pair ->
                Map.of(
                    MANAGEMENT,
                    Integer.toString(pair.management()),
                    MAIN,
                    Integer.toString(pair.main())))
        .orElse(Map.of());
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
