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

  History history();

  /** The log of what was enforced. */
  interface History {
    /** How long answers are kept beside the newest. */
    @WithDefault("7d")
    Duration window();
  }
}
