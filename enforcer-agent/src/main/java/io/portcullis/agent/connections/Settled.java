package io.portcullis.agent.connections;

import io.portcullis.net.IpAddress;
import java.util.Set;

/**
 * The result of the last look at all connections.
 *
 * @param beforeNanos connections are as the rules say that were in force before this time
 * @param cut addresses that are ends of connections that are cut
 */
public record Settled(long beforeNanos, Set<IpAddress> cut) {
  public Settled {
    cut = Set.copyOf(cut);
  }
}
