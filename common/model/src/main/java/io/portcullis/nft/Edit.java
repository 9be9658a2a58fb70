package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** A change of an existing table; {@link EditRenderer} makes several of them one transaction. */
public sealed interface Edit {

  /** Adds a set that the table does not have, with its members. */
  record AddSet(SetContent set) implements Edit {}

  /** Removes a set that no rule refers to. */
  record RemoveSet(SetId set) implements Edit {}

  /** Adds members to a set. */
  record AddMembers(SetId set, List<Element> elements) implements Edit {}

  /** Removes members from a set that has them. */
  record RemoveMembers(SetId set, List<Element> elements) implements Edit {}

  /** Adds a chain that the table does not have; the chains that it refers to come before it. */
  record AddChain(NodeRecord.Chain chain) implements Edit {}

  /** Adds a conjunction that the table does not have. */
  record AddConjunction(Target.Conjunction conjunction) implements Edit {}

  /** Removes chains that only each other refer to. */
  record RemoveChains(List<Target.ChainTarget> chains) implements Edit {}

  /** Adds addresses to the verdict map of that path, which does not have them. */
  record AddVerdictEntries(TrafficPath path, Family family, SortedMap<IpAddress, Target> targets)
      implements Edit {}

  /** Removes addresses from the verdict map of that path. */
  record RemoveVerdictEntries(TrafficPath path, Family family, List<IpAddress> addresses)
      implements Edit {}

  /**
   * Makes addresses endpoints: they reach themselves (A12), and what they are denied is counted.
   */
  record AddEndpoints(Family family, List<IpAddress> addresses) implements Edit {}

  /** Makes addresses endpoints no more. */
  record RemoveEndpoints(Family family, List<IpAddress> addresses) implements Edit {}

  /** Counts what these addresses are denied from zero: they belong to other pods now (C3). */
  record ResetDeniedCounters(Family family, List<IpAddress> addresses) implements Edit {}

  /** Sets how much has been denied to these addresses. */
  record SetDeniedCounters(Direction direction, Family family, SortedMap<IpAddress, Counter> counts)
      implements Edit {}

  /** Sets what rules counted that the table no longer has. */
  record SetRetiredCounters(RetiredCounters counters) implements Edit {}

  /**
   * Sets how many denied packets the kernel logs.
   *
   * @param perSecond for each direction and family, 0 for none
   */
  record SetSampleRate(int perSecond) implements Edit {}

  /** Sets the links of local pods (T14). */
  record SetPodLinks(SortedSet<String> links) implements Edit {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@%+=~-]{1,15}");

    public SetPodLinks {
      if (!links.stream().allMatch(SetPodLinks::fits)) {
        throw new IllegalArgumentException("nft does not take these names of links: " + links);
      }
    }

    /** Returns whether nft takes this name of a link, and as this name alone. */
    public static boolean fits(String link) {
      return NAME.matcher(link).matches();
    }
  }

  /** Sets the addresses of pods that the node itself knows (C1). */
  record SetKnownPods(SortedSet<IpAddress> addresses) implements Edit {}

  /**
   * Sets over which links the guard stands (C1).
   *
   * @param patterns names of links, of which a last {@code *} stands for any rest; none covers
   *     another one
   */
  record SetGuardLinks(SortedSet<String> patterns) implements Edit {}

  /** Sets the families in which pod CIDRs are not guarded (C1). */
  record SetOpenCidrs(SortedSet<Family> families) implements Edit {}

  /**
   * Sets how long one of the guard's sets holds the guard of new pods (C1).
   *
   * @param turn 0 or 1, which names the set
   */
  record SetGuard(int turn, GuardLease lease) implements Edit {
    public SetGuard {
      if (turn < 0 || turn >= GuardChain.TURNS) {
        throw new IllegalArgumentException("the guard has no set " + turn);
      }
    }
  }

  /** Sets the version that the table says it holds. */
  record SetStamp(Stamp stamp) implements Edit {}

  /**
   * Adds twins of chains, which the table does not have, each after those that it refers to (C2).
   */
  record AddTwins(List<NodeRecord.Chain> chains) implements Edit {}

  /** Adds a twin that accepts what the twins of both chains accept (C2). */
  record AddTwinConjunction(Target.Conjunction conjunction) implements Edit {}

  /** Removes twins that only each other refer to (C2). */
  record RemoveTwins(List<Target.ChainTarget> chains) implements Edit {}

  /** Leads narrowed addresses on that path to the twins of these chains (C2). */
  record AddTwinEntries(
      TrafficPath path, Family family, SortedMap<IpAddress, Target.ChainTarget> chains)
      implements Edit {}

  /** Leads addresses on that path to no twin any more (C2). */
  record RemoveTwinEntries(TrafficPath path, Family family, List<IpAddress> addresses)
      implements Edit {}

  /** Narrows addresses: their live connections are judged again (C2). */
  record AddNarrowed(Family family, List<IpAddress> addresses) implements Edit {}

  /** Narrows addresses no more (C2). */
  record RemoveNarrowed(Family family, List<IpAddress> addresses) implements Edit {}

  /** Leads packets of live connections to where narrowed addresses are looked up (C2). */
  record BeginRejudging() implements Edit {}

  /** Leads packets of live connections to where only their mark is asked (C2). */
  record EndRejudging() implements Edit {}

  /** Lets twins only drop what they deny, as long as sets and chains change (C2). */
  record PauseCutting() implements Edit {}

  /** Lets twins cut the connections that they deny (C2). */
  record ResumeCutting() implements Edit {}

  /** Sets the bit of a connection's mark that says that the connection is cut (C2). */
  record SetCutMark(CutMark mark) implements Edit {}
}
