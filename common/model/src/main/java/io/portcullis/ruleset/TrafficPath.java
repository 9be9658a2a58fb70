package io.portcullis.ruleset;

import io.portcullis.cluster.Direction;

/** The paths of traffic; an endpoint has a chain for each. */
public enum TrafficPath {
  /** From another address to the endpoint, forwarded. */
  INGRESS(Direction.INGRESS),
  /** From the endpoint to another address, forwarded. */
  EGRESS(Direction.EGRESS),
  /** From the endpoint to the very node that its pod runs on (T5). */
  TO_OWN_NODE(Direction.EGRESS);

  private final Direction direction;

  TrafficPath(Direction direction) {
    this.direction = direction;
  }

  /** Returns the direction as the endpoint's pod sees it. */
  public Direction direction() {
    return direction;
  }

  /** Returns the path of forwarded traffic in that direction. */
  public static TrafficPath of(Direction direction) {
    return switch (direction) {
      case INGRESS -> INGRESS;
      case EGRESS -> EGRESS;
    };
  }
}
