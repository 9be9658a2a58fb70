package io.portcullis.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What an operator sets. */
@ConfigMapping(prefix = "portcullis")
public interface AgentSettings {

  /** The node that this agent is of, as Kubernetes names it. */
  String nodeName();

  /** The way to nft: {@code library}, {@code program}, or {@code auto}. */
  @WithDefault("auto")
  String nft();

  /** Whether pods are held to their own addresses (T14): {@code true} or {@code false}. */
  @WithDefault("true")
  boolean spoofGuard();

  /**
   * The bit of a connection's mark that says that it is cut (C2); another one where another program
   * of the node uses this one.
   */
  @WithDefault("0x04000000")
  String cutMark();

  /**
   * How many denied packets a second are told one by one, in each direction and family; 0 for none.
   */
  @WithDefault("5")
  int deniedSample();

  Hits hits();

  /** What is counted of policies' rules. */
  interface Hits {
    /** Rules that have a series of their own among the metrics; the others are added up. */
    @WithDefault("300")
    int series();
  }

  /**
   * What becomes of pods that are not known yet (C1): {@code isolate}, {@code strict}, or {@code
   * off}.
   */
  @WithDefault("isolate")
  String guard();

  /**
   * How long pods that are not known yet are shut off without a heartbeat from the watcher, where
   * the guard is {@code isolate}.
   */
  @WithDefault("5m")
  Duration guardOpenAfter();

  /** On how many brokers a topic that is made is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  History history();

  /** The log of what was enforced. */
  interface History {
    /** How long the agent's answers, which version it enforced when, are kept beside the newest. */
    @WithDefault("7d")
    Duration window();
  }
}
