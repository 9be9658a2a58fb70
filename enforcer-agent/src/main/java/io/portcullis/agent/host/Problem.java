package io.portcullis.agent.host;

/** Something that the machine should offer and does not, with what to do. */
public record Problem(Severity severity, String what, String remedy) {

  /** What follows from it. */
  public enum Severity {
    /** Traffic passes that policies forbid, or nothing can be enforced at all. */
    WRONG,
    /** Worth knowing when somebody looks for lost traffic. */
    NOTE
  }

  @Override
  public String toString() {
    return what + ": " + remedy;
  }
}
