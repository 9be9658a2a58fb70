package io.portcullis.agent.follow;

import io.portcullis.agent.status.Observer;
import io.portcullis.agent.status.StatusTracker;
import io.portcullis.agent.version.Assembly;
import io.portcullis.agent.version.Entry;
import io.portcullis.agent.version.Version;
import io.portcullis.agent.version.VersionOutcome;
import io.portcullis.agent.version.VersionReader;
import io.portcullis.agent.version.WideSets;
import io.portcullis.retry.Backoff;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.TopicFollower;
import io.portcullis.topic.TopicFollower.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which version is enforced next, from what is read of the node's topic and of wide sets,
 * and tells the status what is wrong with it. The loop's thread uses it.
 */
public final class VersionIntake {
  private static final Logger LOG = LoggerFactory.getLogger(VersionIntake.class);

  private final StatusTracker status;
  private final Observer observer;
  private final Backoff rereading = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(10));
  private final WideSets sets = new WideSets();
  private final Assembly assembly = new Assembly(sets);
  private VersionReader versions = new VersionReader(Optional.empty());
  private Optional<String> topicId = Optional.empty();

  /** What is to be done after a reading. */
  public sealed interface Decision {
    /** The reading changes nothing that is enforced. */
    record Nothing() implements Decision {}

    /** What was read must be read again from its beginning. */
    record Restore() implements Decision {}

    /** This version is enforced next. */
    record Enforce(Version version) implements Decision {}
  }

  private static final Decision NOTHING = new Decision.Nothing();

  /**
   * Knows no version yet.
   *
   * @param status is told how reading goes, and what is refused
   * @param observer counts what is refused
   */
  public VersionIntake(StatusTracker status, Observer observer) {
    this.status = status;
    this.observer = observer;
  }

  /**
   * Refuses versions that are older than what was in force before.
   *
   * @param floor the version that counts within its topic
   * @param lowest the number below which no version of any topic is taken
   */
  public void notBefore(Optional<VersionReader.Floor> floor, long lowest) {
    versions = new VersionReader(floor, lowest);
  }

  /** The node's topic is read from its beginning next. */
  public void restoring() {
    topicId = Optional.empty();
    status.restoring();
  }

  /**
   * Tells whether the node's topic should be read again, because its newest version is refused: it
   * may have been repaired without a new version.
   */
  public boolean isWorthRereading() {
    if (status.status().faults().refusal().isEmpty() || !rereading.isDue()) {
      return false;
    }
    rereading.failed();
    return true;
  }

  /** Takes a reading of the node's topic. */
  public Decision take(Reading reading) {
    return switch (reading) {
      case Reading.Nothing _ -> {
        topicId.ifPresent(status::following);
        yield NOTHING;
      }
      case Reading.Unavailable(var reason) -> unavailable(reason);
      case Reading.Gone(var reason) -> unavailable(reason);
      case Reading.Restored(var content) -> {
        status.following(content.topicId());
        topicId = Optional.of(content.topicId());
        var outcome = versions.restored(content.topicId(), content.values());
        if (outcome instanceof VersionOutcome.Incomplete) {
          LOG.info("the node's topic has no version yet; what is enforced stays");
          status.notRefused();
        }
        yield judge(outcome);
      }
      case Reading.Changes(var changes, _) -> {
        topicId.ifPresent(status::following);
        yield judge(versions.changed(entries(changes)));
      }
    };
  }

  private Decision unavailable(String reason) {
    status.unavailable(reason);
    return NOTHING;
  }

  private static List<Entry> entries(List<TopicFollower.Change> changes) {
    return changes.stream().map(change -> new Entry(change.key(), change.value())).toList();
  }

  private Decision judge(VersionOutcome outcome) {
    return switch (outcome) {
      case VersionOutcome.Incomplete _ -> NOTHING;
      case VersionOutcome.Restore(var reason) -> {
        LOG.info("reading all of the node's topic again: {}", reason);
        yield new Decision.Restore();
      }
      case VersionOutcome.Refused refused -> {
        observer.refused(refused.reason());
        if (status.refused(refused)) {
          rereading.failed();
        }
        yield NOTHING;
      }
      case VersionOutcome.Verified(var version) -> {
        status.notRefused();
        rereading.succeeded();
        var next = assembly.node(version);
        sets.need(needed());
        yield joined(next);
      }
    };
  }

  /** Returns the wide sets that must be read now. */
  public Collection<SetId> needed() {
    return assembly.needed();
  }

  /** Takes a reading of wide sets. */
  public Decision take(NodeTopics.Arrival.OfSets arrival) {
    return switch (arrival.reading()) {
      case Reading.Nothing _ -> NOTHING;
      case Reading.Unavailable(var reason) -> waiting(reason);
      case Reading.Gone(var reason) -> waiting(reason);
      case Reading.Restored(var content) ->
          judge(sets.restored(content.topicId(), content.values(), arrival.sets()));
      case Reading.Changes(var changes, _) -> judge(sets.changed(entries(changes)));
    };
  }

  private Decision waiting(String reason) {
    status.setsUnavailable(Optional.of(reason));
    return NOTHING;
  }

  private Decision judge(WideSets.Came came) {
    status.setsUnavailable(came.refused().stream().findFirst());
    if (came.restore().isPresent()) {
      LOG.info("reading a partition of wide sets again: {}", came.restore().get());
      return new Decision.Restore();
    }
    return came.changed() ? joined(assembly.sets()) : NOTHING;
  }

  private static Decision joined(Optional<Version> version) {
    return version.<Decision>map(Decision.Enforce::new).orElse(NOTHING);
  }

  /** Returns which wide sets the newest version waits for, if it does. */
  public Optional<String> missing() {
    var missing = assembly.missing();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            missing.stream()
                .map(need -> "set/" + need.set() + " of " + need.clusterPosition())
                .collect(Collectors.joining(", ", "waiting for ", "")));
  }
}
