package io.portcullis.watcher;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** The settings of the watcher that an operator may set. */
@ConfigMapping(prefix = "portcullis")
public interface WatcherSettings {

  /** Where cluster objects come from: {@code kubernetes} or {@code manifests}. */
  Kind source();

  /** The directory of manifests, if manifests are the source. */
  Optional<Path> manifests();

  /** On how many brokers a new topic is kept; the brokers' default unless set. */
  Optional<Short> topicReplication();

  /** The kinds of sources. */
  enum Kind {
    KUBERNETES,
    MANIFESTS
  }
}
