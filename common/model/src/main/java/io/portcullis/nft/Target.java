package io.portcullis.nft;

import io.portcullis.ruleset.ChainId;
import java.util.Optional;

/** What an address leads to in a map of verdicts. */
public sealed interface Target {
  Target NO_CHAIN = new NoChain();

  /** Returns the target of an endpoint that has this chain, or none. */
  static Target of(Optional<ChainId> chain) {
    return chain.<Target>map(SingleChain::new).orElse(NO_CHAIN);
  }

  /** Returns the verdict as nft writes it. */
  String verdict();

  /** The address has no chain: everything passes on its path. */
  record NoChain() implements Target {
    @Override
    public String verdict() {
      return "return";
    }
  }

  /** The address goes to a chain, which leads on by returning. */
  sealed interface ChainTarget extends Target {
    /** Returns the chain's name in nft. */
    String name();

    @Override
    default String verdict() {
      return "goto " + name();
    }
  }

  /** A chain of the rule set. */
  record SingleChain(ChainId chain) implements ChainTarget {
    @Override
    public String name() {
      return chain.toString();
    }
  }

  /** A chain that accepts what both chains accept; it exists only while one replaces the other. */
  record Conjunction(ChainId first, ChainId second) implements ChainTarget {
    @Override
    public String name() {
      return "both_" + first + "_" + second;
    }
  }
}
