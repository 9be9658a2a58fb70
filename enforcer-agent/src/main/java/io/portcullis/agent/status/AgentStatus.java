package io.portcullis.agent.status;

import io.portcullis.agent.version.Version;
import java.util.Optional;

/**
 * The state of an agent at one moment.
 *
 * @param nft how nftables is reached
 * @param topic how reading of the node's topic goes
 * @param enforced the version in the kernel, if there is one
 * @param faults what is wrong
 */
public record AgentStatus(
    String node, String nft, Topic topic, Optional<EnforcedVersion> enforced, Faults faults) {

  /** How reading of the node's topic goes. */
  public sealed interface Topic {
    /** The topic is not read, and the kernel is left alone. */
    record Waiting(String reason) implements Topic {
      @Override
      public String toString() {
        return "waiting: " + reason;
      }
    }

    /** The topic is read from its beginning. */
    record Restoring() implements Topic {
      @Override
      public String toString() {
        return "restoring";
      }
    }

    /** The topic was read to its end, and changes are waited for. */
    record Following(String topicId) implements Topic {
      @Override
      public String toString() {
        return "following";
      }
    }

    /** The topic cannot be read; what is enforced stays. */
    record Unavailable(String reason) implements Topic {
      @Override
      public String toString() {
        return "unavailable: " + reason;
      }
    }
  }

  /**
   * What is wrong, each for as long as it goes on.
   *
   * @param failure why the kernel does not hold what it should
   * @param drift why others may keep the kernel from holding it
   * @param refusal why the newest version of the topic is not enforced
   * @param waiting what the newest version has waited for, for long
   * @param unconfirmed what is enforced as long as no version was read since the start or the boot
   */
  public record Faults(
      Optional<String> failure,
      Optional<String> drift,
      Optional<String> refusal,
      Optional<String> waiting,
      Optional<Unconfirmed> unconfirmed) {
    static final Faults NONE =
        new Faults(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    Faults withFailure(Optional<String> reason) {
      return new Faults(reason, drift, refusal, waiting, unconfirmed);
    }

    Faults withDrift(Optional<String> reason) {
      return new Faults(failure, reason, refusal, waiting, unconfirmed);
    }

    Faults withRefusal(Optional<String> reason) {
      return new Faults(failure, drift, reason, waiting, unconfirmed);
    }

    Faults withWaiting(Optional<String> reason) {
      return new Faults(failure, drift, refusal, reason, unconfirmed);
    }

    Faults with(Unconfirmed now) {
      return new Faults(failure, drift, refusal, waiting, Optional.of(now));
    }

    /** Tells whether a boot has closed all pods and no version was enforced since. */
    public boolean isClosedSinceBoot() {
      return unconfirmed.filter(now -> now.kind() == Unconfirmed.Kind.CLOSED).isPresent();
    }

    /** Returns the faults that are left when a version that was read is in the kernel. */
    Faults committed() {
      return new Faults(Optional.empty(), drift, refusal, waiting, Optional.empty());
    }
  }

  /** Returns the status of an agent that has done nothing yet. */
  public static AgentStatus starting(String node, String nft) {
    return new AgentStatus(node, nft, new Topic.Restoring(), Optional.empty(), Faults.NONE);
  }

  /** Returns the gravest thing that is wrong, if anything is. */
  public Optional<String> error() {
    return faults
        .failure()
        .or(faults::drift)
        .or(this::isolation)
        .or(faults::refusal)
        .or(faults::waiting)
        .or(() -> faults.unconfirmed().map(Unconfirmed::toString));
  }

  private Optional<String> isolation() {
    return enforced.flatMap(
        held ->
            held.isolation()
                .map(part -> "version " + held.stamp().version() + " is in force " + part));
  }

  /** Tells whether the kernel holds exactly this version, as far as is known. */
  public boolean holds(Version version) {
    return faults.failure().isEmpty()
        && enforced
            .filter(held -> held.marker().filter(version.marker()::equals).isPresent())
            .filter(held -> held.wide().equals(version.wide()))
            .isPresent();
  }

  AgentStatus with(Topic state) {
    return new AgentStatus(node, nft, state, enforced, faults);
  }

  AgentStatus with(EnforcedVersion version) {
    return new AgentStatus(node, nft, topic, Optional.of(version), faults);
  }

  AgentStatus with(Faults now) {
    return new AgentStatus(node, nft, topic, enforced, now);
  }
}
