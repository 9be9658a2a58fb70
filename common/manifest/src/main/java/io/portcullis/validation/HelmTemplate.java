package io.portcullis.validation;

/** Words about a Helm template that is not rendered. */
public final class HelmTemplate {
  /** The beginning of what only Helm understands. */
  public static final String OPENING = "{{";

  /** The message to the author, with the remedy. */
  public static final String REMEDY =
      "this is a Helm template that is not rendered: give what `helm template` prints";

  private HelmTemplate() {}
}
