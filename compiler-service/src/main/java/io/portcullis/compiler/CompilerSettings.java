package io.portcullis.compiler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What an operator sets. */
@ConfigMapping(prefix = "portcullis")
public interface CompilerSettings {

  /** Namespaces whose pods are subjects of no policy (T13). */
  Optional<Set<String>> exemptNamespaces();

  /** On how many brokers a topic that is made is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  History history();

  NodeTopics nodeTopics();

  WideSets wideSets();

  /** Sets that are published once for many nodes. */
  interface WideSets {
    /** Sets are published once for many nodes where the cluster has so many nodes or more. */
    @WithDefault("20")
    int fewestNodes();
  }

  /** The topics of nodes. */
  interface NodeTopics {
    /** How long the topics of a node that is gone are kept. */
    @WithDefault("1h")
    Duration grace();
  }

  /** The log of commits. */
  interface History {
    /** How long past versions can be asked for. */
    @WithDefault("7d")
    Duration window();

    /** How much of the broker's disk the past takes, about; what is older goes earlier then. */
    @WithDefault("17179869184")
    long bytes();

    /** After so many commits, or more where it is large, a node's whole content is committed. */
    @WithDefault("100")
    int commitsPerSnapshot();
  }
}
