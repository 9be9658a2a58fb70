package io.portcullis.agent.links;

import java.util.OptionalInt;

/**
 * A link of the node.
 *
 * @param index by which routes name it
 * @param kind as the kernel names it, {@code veth} or {@code bridge}; empty for hardware
 * @param master the bridge or bond that it is a port of
 */
public record Link(int index, String name, String kind, boolean loopback, OptionalInt master) {
  private static final String BRIDGE = "bridge";

  public boolean isBridge() {
    return kind.equals(BRIDGE);
  }
}
