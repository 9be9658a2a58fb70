package io.portcullis.policy.lint;

/** How much a finding matters, the most first. */
public enum Level {
  /** The object, or a part of it, is refused. */
  ERROR,
  /** Something is written that has no effect, or another one than it seems. */
  WARNING,
  /** Something is worth knowing, and often meant so. */
  NOTE
}
