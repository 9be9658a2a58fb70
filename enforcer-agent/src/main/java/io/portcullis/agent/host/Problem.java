package io.portcullis.agent.host;

/** Something that the machine lacks, and its remedy. */
public record Problem(Severity severity, String what, String remedy) {

  /** How bad a problem is. */
  public enum Severity {
    /** Traffic passes that policies forbid, or nothing can be enforced at all. */
    WRONG,
    /** It is worth knowing when somebody looks for lost traffic. */
    NOTE
  }

  @Override
  public String toString() {
    return what + ": " + remedy;
  }
}
