package io.portcullis.agent.status;

import java.util.Optional;

/**
 * What is to be said of an agent at one moment.
 *
 * @param enforced the version in the kernel, if there is one
 * @param topic how reading goes
 * @param refusal why the newest version of the topic is not enforced
 * @param failure why the kernel does not hold what it should
 * @param waiting what the newest version waits for, if it has waited long
 * @param drift why others may keep the kernel from holding it
 * @param nft which way to nft is taken
 */
public record AgentStatus(
    String node,
    Optional<EnforcedVersion> enforced,
    Topic topic,
    Optional<String> refusal,
    Optional<String> failure,
    Optional<String> waiting,
    Optional<String> drift,
    String nft) {

  /** How reading of the node's topic goes. */
  public sealed interface Topic {
    /** It is not read, and the kernel is left alone. */
    record Waiting(String reason) implements Topic {
      @Override
      public String toString() {
        return "waiting: " + reason;
      }
    }

    /** It is read from the beginning. */
    record Restoring() implements Topic {
      @Override
      public String toString() {
        return "restoring";
      }
    }

    /** Everything was read; changes are waited for. */
    record Following(String topicId) implements Topic {
      @Override
      public String toString() {
        return "following";
      }
    }

    /** It cannot be read; what is enforced stays. */
    record Unavailable(String reason) implements Topic {
      @Override
      public String toString() {
        return "unavailable: " + reason;
      }
    }
  }

  public static AgentStatus starting(String node, String nft) {
    return new AgentStatus(
        node,
        Optional.empty(),
        new Topic.Restoring(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        nft);
  }

  /** The first thing that is wrong, if anything is. */
  public Optional<String> error() {
    return failure.or(() -> drift).or(this::isolation).or(() -> refusal).or(() -> waiting);
  }

  private Optional<String> isolation() {
    return enforced.flatMap(
        held ->
            held.isolation()
                .map(part -> "version " + held.stamp().version() + " is in force " + part));
  }

  AgentStatus with(Topic state) {
    return new AgentStatus(node, enforced, state, refusal, failure, waiting, drift, nft);
  }

  AgentStatus with(EnforcedVersion version) {
    return new AgentStatus(
        node, Optional.of(version), topic, refusal, failure, waiting, drift, nft);
  }

  AgentStatus withRefusal(Optional<String> reason) {
    return new AgentStatus(node, enforced, topic, reason, failure, waiting, drift, nft);
  }

  AgentStatus withFailure(Optional<String> reason) {
    return new AgentStatus(node, enforced, topic, refusal, reason, waiting, drift, nft);
  }

  AgentStatus withWaiting(Optional<String> reason) {
    return new AgentStatus(node, enforced, topic, refusal, failure, reason, drift, nft);
  }

  AgentStatus withDrift(Optional<String> reason) {
    return new AgentStatus(node, enforced, topic, refusal, failure, waiting, reason, nft);
  }
}
