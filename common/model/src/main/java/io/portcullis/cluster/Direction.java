package io.portcullis.cluster;

import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;

/** Of traffic, as the subject sees it. */
public enum Direction {
  INGRESS,
  EGRESS;

  /** The end of a flow whose policies are asked. */
  public IpAddress subject(Flow flow) {
    return switch (this) {
      case INGRESS -> flow.destination();
      case EGRESS -> flow.source();
    };
  }

  /** The other end. */
  public IpAddress peer(Flow flow) {
    return switch (this) {
      case INGRESS -> flow.source();
      case EGRESS -> flow.destination();
    };
  }
}
