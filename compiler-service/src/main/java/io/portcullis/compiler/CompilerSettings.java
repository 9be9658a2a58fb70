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

  /** The log of commits. */
  interface History {
    /** How long past versions can be asked for. */
    @WithDefault("7d")
    Duration window();

    /** After so many commits a node's whole content is committed. */
    @WithDefault("100")
    int commitsPerSnapshot();
  }
}
