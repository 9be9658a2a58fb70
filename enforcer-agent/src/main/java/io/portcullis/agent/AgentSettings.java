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

  /** On how many brokers a topic that is made is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  History history();

  /** The log of what was enforced. */
  interface History {
    /** How long answers are kept beside the newest. */
    @WithDefault("7d")
    Duration window();
  }
}
