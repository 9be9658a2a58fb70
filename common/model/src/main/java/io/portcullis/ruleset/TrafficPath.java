package io.portcullis.ruleset;

import io.portcullis.cluster.Direction;

/** The ways of traffic for which an endpoint has a chain each. */
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

  /** As the endpoint's pod sees it. */
  public Direction direction() {
    return direction;
  }

  /** The way of what is forwarded. */
  public static TrafficPath of(Direction direction) {
    return switch (direction) {
      case INGRESS -> INGRESS;
      case EGRESS -> EGRESS;
    };
  }
}
