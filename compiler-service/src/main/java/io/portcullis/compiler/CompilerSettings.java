package io.portcullis.compiler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The settings of the compiler that an operator may set. */
@ConfigMapping(prefix = "portcullis")
public interface CompilerSettings {

  /** Namespaces whose pods are subjects of no policy (T13). */
  Optional<Set<String>> exemptNamespaces();

  /** On how many brokers a new topic is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  History history();

  NodeTopics nodeTopics();

  WideSets wideSets();

  /** Sets that are published once for many nodes. */
  interface WideSets {
    /** From how many nodes on sets that many of them need are published once. */
    @WithDefault("20")
    int fewestNodes();
  }

  /** The topics of nodes. */
  interface NodeTopics {
    /** How long the topics of a node that has left the cluster are kept. */
    @WithDefault("1h")
    Duration grace();
  }

  /** The log of commits. */
  interface History {
    /** How long past versions can be asked for. */
    @WithDefault("7d")
    Duration window();

    /**
     * About how much of the broker's disk history may take. Older versions are deleted earlier when
     * it takes more.
     */
    @WithDefault("17179869184")
    long bytes();

    /** After this many commits, a node's whole content is committed (later where it is large). */
    @WithDefault("100")
    int commitsPerSnapshot();
  }
}
