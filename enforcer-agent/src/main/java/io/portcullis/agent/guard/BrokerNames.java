package io.portcullis.agent.guard;

import io.portcullis.net.IpAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tells brokers that are reached by name from those that are reached by address. */
public final class BrokerNames {
  private static final Pattern HOST = Pattern.compile("(?:.*://)?\\[?(.*?)]?:\\d+");

  private BrokerNames() {}

  /**
   * Returns what keeps a node closed for ever if its guard never opens and it knows no pod by
   * itself.
   *
   * @param bootstrap the brokers, as {@code host:port} with commas between them
   */
  public static Optional<String> deadlock(String bootstrap) {
    return Stream.of(bootstrap.split(","))
        .map(String::strip)
        .filter(broker -> !broker.isEmpty() && !isAddress(broker))
        .findFirst()
        .map(
            name ->
                "with PORTCULLIS_GUARD=strict, "
                    + name
                    + " cannot be looked up while the pods of DNS are closed: set"
                    + " PORTCULLIS_CNI_RESULTS, or KAFKA_BOOTSTRAP_SERVERS to addresses of brokers"
                    + " on the host's network");
  }

  private static boolean isAddress(String broker) {
    var matcher = HOST.matcher(broker);
    try {
      IpAddress.parse(matcher.matches() ? matcher.group(1) : broker);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
