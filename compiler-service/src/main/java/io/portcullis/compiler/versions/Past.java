package io.portcullis.compiler.versions;

/** What was found of a past version. */
public sealed interface Past {
  record Found(Version version) implements Past {}

  /** No such version was ever committed. */
  record Unknown(String reason) implements Past {}

  /** The version is older than what history keeps. */
  record Gone(String reason) implements Past {}
}
