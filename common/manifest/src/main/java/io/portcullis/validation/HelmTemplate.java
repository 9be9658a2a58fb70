package io.portcullis.validation;

/** What is told of a Helm template that is not rendered. */
public final class HelmTemplate {
  /** The beginning of what only Helm understands. */
  public static final String OPENING = "{{";

  /** What the author should do. */
  public static final String REMEDY =
      "this is a Helm template that is not rendered: give what `helm template` prints";

  private HelmTemplate() {}
}
