package io.portcullis.watcher;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** What an operator sets. */
@ConfigMapping(prefix = "portcullis")
public interface WatcherSettings {

  /** Where cluster objects come from: {@code kubernetes} or {@code manifests}. */
  Kind source();

  /** The directory of manifests, where those are the source. */
  Optional<Path> manifests();

  /** On how many brokers a topic that is made is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  /** A kind of source. */
  enum Kind {
    KUBERNETES,
    MANIFESTS
  }
}
