package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Flows between two parties that have the same effect on the same ports.
 *
 * @param families the families of addresses in which it is so
 * @param now what decides, in the only state or in the later one
 * @param before what decided in the earlier state; nothing where there is only one state
 */
public record Row(
    Effect effect,
    End source,
    End destination,
    Set<Family> families,
    PortSet ports,
    Reasons now,
    Reasons before)
    implements Comparable<Row> {
  private static final Comparator<Row> ORDER =
      Comparator.comparing(Row::effect)
          .thenComparing(row -> row.source().party())
          .thenComparing(row -> row.destination().party())
          .thenComparing(Row::ports);

  /** What is said of the flows. */
  public enum Effect {
    /** They are allowed. */
    ALLOWED,
    /** They are allowed now, and were not. */
    OPENED,
    /** They were allowed, and are not any more. */
    CLOSED
  }

  /**
   * A party.
   *
   * @param members how many of its pods or nodes take part; 0 for networks
   * @param of how many pods or nodes it has
   */
  public record End(Party party, int members, int of) {
    /** Tells whether only some of the party's pods take part. */
    public boolean partly() {
      return members < of;
    }
  }

  /** The deciders of a flow, by its end. */
  public record Reasons(List<Decider> egress, List<Decider> ingress) {
    public static final Reasons NONE = new Reasons(List.of(), List.of());
  }

  @Override
  public int compareTo(Row other) {
    return ORDER.compare(this, other);
  }
}
