package io.portcullis.cluster;

/** Of traffic, as the subject sees it. */
public enum Direction {
  INGRESS,
  EGRESS
}
