package io.portcullis.watcher;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.List;
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

  /**
   * Kinds whose objects are given up for good once the API server has had no known version of them
   * for a minute, as {@code ClusterNetworkPolicy}. Unless set, such objects stay enforced.
   */
  Optional<List<String>> forgetKinds();

  /** The kinds of sources. */
  enum Kind {
    KUBERNETES,
    MANIFESTS
  }
}
