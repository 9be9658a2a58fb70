package io.portcullis.sighting;

/** The severity of a problem. */
public enum Severity {
  /** The object, or a part of it, was refused. */
  ERROR,
  /** The object was accepted, but a part of it has no effect. */
  WARNING,
  /** The object does not matter to policy. */
  NOTE
}
