package io.portcullis.agent.status;

/**
 * What is enforced from the node's disk until a version is read.
 *
 * @param version the number of the last one that was enforced
 */
public record Unconfirmed(Kind kind, long version) {
  /** How much of the version is enforced. */
  public enum Kind {
    /** All of it, since a start without a table. */
    WHOLE,
    /** None of it since a boot; the guard closes the node's pod CIDRs while it stands. */
    CLOSED,
    /** None of it since a boot, and the node has no pod CIDR that the guard could close. */
    UNGUARDED
  }

  /**
   * Returns it in words.
   *
   * @param isGuarded whether the guard stands now
   */
  public String text(boolean isGuarded) {
    return switch (kind) {
      case WHOLE -> "version %d is from the node's disk, not yet confirmed".formatted(version);
      case CLOSED ->
          isGuarded
              ? "closed since boot, version %d not yet confirmed".formatted(version)
              : "open: the guard does not stand, version %d not yet confirmed".formatted(version);
      case UNGUARDED ->
          "open: the node has no pod CIDR, version %d not yet confirmed".formatted(version);
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case WHOLE -> text(true);
      case CLOSED, UNGUARDED ->
          "no pod is known since the boot, version %d not yet confirmed".formatted(version);
    };
  }
}
