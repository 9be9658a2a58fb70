package io.portcullis.bench.agent;

import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.bench.network.Namespace;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;

/**
 * A node in a network namespace of its own, with both ways to its nftables: the library and the
 * program.
 */
final class TestNode implements AutoCloseable {
  private final Namespace namespace = Namespace.make();
  private final AgentPipeline node = new AgentPipeline();
  private final Nft library;
  private final Nft program;
  private RuleSet rules = RuleSet.EMPTY;

  TestNode() throws InterruptedException {
    namespace.enter();
    library = NftWay.LIBRARY.open();
    program = NftWay.PROGRAM.open();
  }

  AgentPipeline.Took load(RuleSet first) throws NftException {
    var records = node.records(first);
    namespace.enter();
    rules = first;
    return node.first(records, new Kernel(library));
  }

  AgentPipeline.Took become(RuleSet next) throws NftException {
    return become(next, library);
  }

  /** Loads the next version by starting the program for each transaction. */
  AgentPipeline.Took becomeByProgram(RuleSet next) throws NftException {
    namespace.enter();
    return become(next, program);
  }

  private AgentPipeline.Took become(RuleSet next, Nft nft) throws NftException {
    var entries = node.entries(next, RuleSetChange.between(rules, next));
    rules = next;
    return node.next(entries, new Kernel(nft));
  }

  /** Runs a transaction with the program alone, as a person could by hand. */
  long program(String transaction) throws NftException {
    namespace.enter();
    var begun = System.nanoTime();
    program.run(transaction);
    return (System.nanoTime() - begun) / 1_000;
  }

  @Override
  public void close() {
    library.close();
    program.close();
    namespace.close();
  }
}
