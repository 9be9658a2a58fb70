package io.portcullis.nft;

import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.nft.NftDump.Counter;
import io.portcullis.ruleset.ChainId;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.TrafficPath;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** A change of a table that is there; several make a transaction ({@link Edits#text}). */
public sealed interface Edit {

  /** A set that is not there yet, with its members. */
  record AddSet(SetContent set) implements Edit {}

  /** A set that nothing refers to goes. */
  record RemoveSet(SetId set) implements Edit {}

  /** Members join a set. */
  record AddMembers(SetId set, List<Element> elements) implements Edit {}

  /** Members leave a set that has them. */
  record RemoveMembers(SetId set, List<Element> elements) implements Edit {}

  /** A chain that is not there yet, after those that it refers to. */
  record AddChain(NodeRecord.Chain chain) implements Edit {}

  /** A conjunction that is not there yet. */
  record AddBoth(Both both) implements Edit {}

  /** Chains that only each other refer to go. */
  record RemoveChains(List<Leading> chains) implements Edit {}

  /** Addresses that the map for that way does not have come into it. */
  record Lead(TrafficPath way, Family family, SortedMap<IpAddress, Target> targets)
      implements Edit {}

  /** Addresses leave the map for that way. */
  record Unlead(TrafficPath way, Family family, List<IpAddress> addresses) implements Edit {}

  /** Addresses of endpoints: they reach themselves (T4), and what they are denied is counted. */
  record AddSelf(Family family, List<IpAddress> addresses) implements Edit {}

  /** The contrary. */
  record RemoveSelf(Family family, List<IpAddress> addresses) implements Edit {}

  /** What these addresses are denied is counted from zero: they are other pods' now (C3). */
  record CountAnew(Family family, List<IpAddress> addresses) implements Edit {}

  /** So much was denied to these addresses before. */
  record Denied(Direction direction, Family family, SortedMap<IpAddress, Counter> counts)
      implements Edit {}

  /** What rules counted that are gone. */
  record HoldLedger(RetiredCounters ledger) implements Edit {}

  /**
   * So many of the packets that are denied are told to the kernel's log.
   *
   * @param perSecond for each direction and family, 0 for none
   */
  record Sample(int perSecond) implements Edit {}

  /** These links alone are those of local pods (T14). */
  record HoldLinks(SortedSet<String> links) implements Edit {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@%+=~-]{1,15}");

    public HoldLinks {
      if (!links.stream().allMatch(HoldLinks::fits)) {
        throw new IllegalArgumentException("not names of links that nft takes: " + links);
      }
    }

    /** Whether nft takes a link of that name, and as this name alone. */
    public static boolean fits(String link) {
      return NAME.matcher(link).matches();
    }
  }

  /**
   * The guard of new pods stands so long as far as one of its sets says it (C1).
   *
   * @param turn 0 or 1, the set
   */
  record HoldGuard(int turn, GuardLease lease) implements Edit {
    public HoldGuard {
      if (turn < 0 || turn >= GuardChain.TURNS) {
        throw new IllegalArgumentException("no set of the guard: " + turn);
      }
    }
  }

  /** The table says from now on that it is of that version. */
  record Restamp(Stamp stamp) implements Edit {}

  /** Of packets of connections, those with that bit in their mark are cut (C2). */
  record HoldMark(CutMark mark) implements Edit {}

  /** What an address leads to. */
  sealed interface Target {
    /** Of the endpoint's chain for that way. */
    static Target of(Optional<ChainId> chain) {
      return chain.<Target>map(One::new).orElse(NOTHING);
    }

    /** As nft writes it. */
    String verdict();
  }

  /** No chain: all passes that way. */
  Target NOTHING = new Nothing();

  /** {@link #NOTHING}. */
  record Nothing() implements Target {
    @Override
    public String verdict() {
      return "return";
    }
  }

  /** A chain, which leads on to what is asked next by returning. */
  sealed interface Leading extends Target {
    /** As nft knows it. */
    String name();

    @Override
    default String verdict() {
      return "goto " + name();
    }
  }

  /** A chain of the rule set. */
  record One(ChainId chain) implements Leading {
    @Override
    public String name() {
      return chain.toString();
    }
  }

  /** A chain that accepts what both accept; there only while one takes the place of the other. */
  record Both(ChainId first, ChainId second) implements Leading {
    @Override
    public String name() {
      return "both_" + first + "_" + second;
    }
  }
}
