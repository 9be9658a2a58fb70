package io.portcullis.cluster;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;

/** The direction of traffic as the subject of a policy sees it. */
public enum Direction {
  INGRESS,
  EGRESS;

  /** Returns the end of a flow whose policies decide. */
  public IpAddress subject(Flow flow) {
    return switch (this) {
      case INGRESS -> flow.destination();
      case EGRESS -> flow.source();
    };
  }

  /** Returns the other end of a flow. */
  public IpAddress peer(Flow flow) {
    return switch (this) {
      case INGRESS -> flow.source();
      case EGRESS -> flow.destination();
    };
  }
}
