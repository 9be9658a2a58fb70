package io.portcullis.policy.reach;

import io.portcullis.net.Family;
import io.portcullis.policy.reach.Row.Effect;
import io.portcullis.policy.reach.Row.End;
import io.portcullis.policy.reach.Row.Reasons;
import java.util.List;

/**
 * Flows from each of some parties to each of others that have the same effect on the same ports.
 * What a pod sends to itself or to its own node is not meant, unless that is the destination.
 */
public interface RowGroup {
  Effect effect();

  Family family();

  PortSet ports();

  Side sources();

  Side destinations();

  /** Tells whether pods of the one party send to others of the other party in this group. */
  boolean has(Party source, Party destination);

  /** Returns the first of what decides in the later state. */
  Reasons now();

  /** Returns the first of what decided in the earlier state. */
  Reasons before();

  /** The parties at one end. */
  interface Side {

    /** Returns how many parties there are. */
    int size();

    /** Returns the first parties in their order. */
    List<End> first(int most);

    /** Returns all parties in their order. */
    default List<End> all() {
      return first(size());
    }
  }
}
