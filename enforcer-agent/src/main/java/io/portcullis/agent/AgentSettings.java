package io.portcullis.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

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
   * What becomes of pods that are not known yet (C1): {@code isolate}, {@code strict}, or {@code
   * off}.
   */
  @WithDefault("isolate")
  String guard();

  /** How long they are shut off without a heartbeat from the watcher, where that is isolate. */
  @WithDefault("5m")
  Duration guardOpenAfter();

  History history();

  /** The log of what was enforced. */
  interface History {
    /** How long answers are kept beside the newest. */
    @WithDefault("7d")
    Duration window();
  }
}
