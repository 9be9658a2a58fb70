package io.portcullis.sighting;

/** How much a problem matters. */
public enum Severity {
  /** Something was refused. */
  ERROR,
  /** It was taken, but not all of it means something. */
  WARNING,
  /** It has no part in policy. */
  NOTE
}
