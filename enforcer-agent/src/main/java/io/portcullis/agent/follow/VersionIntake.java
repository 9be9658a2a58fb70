package io.portcullis.agent.follow;

import io.portcullis.agent.status.Observer;
import io.portcullis.agent.status.StatusTracker;
import io.portcullis.agent.version.Assembly;
import io.portcullis.agent.version.Entry;
import io.portcullis.agent.version.Outcome;
import io.portcullis.agent.version.Version;
import io.portcullis.agent.version.VersionReader;
import io.portcullis.agent.version.WideSets;
import io.portcullis.nft.Stamp;
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
 * From what is read of the node's topic and of wide sets to the next version that may be enforced,
 * and what is to be said on the way. The loop's thread uses it.
 */
public final class VersionIntake {
  private static final Logger LOG = LoggerFactory.getLogger(VersionIntake.class);

  private final StatusTracker standing;
  private final Observer observer;
  private final Backoff rereading = new Backoff(Duration.ofSeconds(30), Duration.ofMinutes(10));
  private final WideSets sets = new WideSets();
  private final Assembly assembly = new Assembly(sets);
  private VersionReader versions = new VersionReader(Optional.empty());
  private Optional<String> topicId = Optional.empty();

  /** What became of a reading. */
  public sealed interface Taken {
    /** Nothing that is to be enforced. */
    record Nothing() implements Taken {}

    /** What it came of must be read again from its beginning. */
    record Restore() implements Taken {}

    /** This is to be enforced next. */
    record Next(Version version) implements Taken {}
  }

  private static final Taken NOTHING = new Taken.Nothing();

  public VersionIntake(StatusTracker standing, Observer observer) {
    this.standing = standing;
    this.observer = observer;
  }

  /** The kernel holds that version, or held it; older ones of its topic are refused. */
  public void notBefore(Stamp stamp) {
    versions =
        new VersionReader(
            Optional.of(new VersionReader.Floor(stamp.topicId(), stamp.version(), stamp.digest())));
  }

  /** All of the topic is read next. */
  public void restoring() {
    topicId = Optional.empty();
    standing.restoring();
  }

  /** What is refused may be right in a topic that was repaired without a new version. */
  public boolean isWorthRereading() {
    if (standing.status().refusal().isEmpty() || !rereading.isDue()) {
      return false;
    }
    rereading.failed();
    return true;
  }

  public Taken take(Reading reading) {
    return switch (reading) {
      case Reading.Nothing _ -> {
        topicId.ifPresent(standing::following);
        yield NOTHING;
      }
      case Reading.Unavailable(var reason) -> unavailable(reason);
      case Reading.Gone(var reason) -> unavailable(reason);
      case Reading.Restored(var content) -> {
        standing.following(content.topicId());
        topicId = Optional.of(content.topicId());
        var outcome = versions.restored(content.topicId(), content.values());
        if (outcome instanceof Outcome.Incomplete) {
          LOG.info("the node's topic has no version yet; what is enforced stays");
          standing.notRefused();
        }
        yield judge(outcome);
      }
      case Reading.Changes(var changes, _) -> {
        topicId.ifPresent(standing::following);
        yield judge(versions.changed(entries(changes)));
      }
    };
  }

  private Taken unavailable(String reason) {
    standing.unavailable(reason);
    return NOTHING;
  }

  private static List<Entry> entries(List<TopicFollower.Change> changes) {
    return changes.stream().map(change -> new Entry(change.key(), change.value())).toList();
  }

  private Taken judge(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Incomplete _ -> NOTHING;
      case Outcome.Restore(var reason) -> {
        LOG.info("reading all of the node's topic again: {}", reason);
        yield new Taken.Restore();
      }
      case Outcome.Refused refused -> {
        observer.refused(refused.reason());
        if (standing.refused(refused)) {
          rereading.failed();
        }
        yield NOTHING;
      }
      case Outcome.Verified(var version) -> {
        standing.notRefused();
        rereading.succeeded();
        var next = assembly.node(version);
        sets.need(needed());
        yield joined(next);
      }
    };
  }

  /** The wide sets that are to be read now. */
  public Collection<SetId> needed() {
    return assembly.needed();
  }

  /** The same for what came of wide sets. */
  public Taken take(NodeTopics.Came.OfSets came) {
    return switch (came.reading()) {
      case Reading.Nothing _ -> NOTHING;
      case Reading.Unavailable(var reason) -> waiting(reason);
      case Reading.Gone(var reason) -> waiting(reason);
      case Reading.Restored(var content) ->
          judge(sets.restored(content.topicId(), content.values(), came.sets()));
      case Reading.Changes(var changes, _) -> judge(sets.changed(entries(changes)));
    };
  }

  private Taken waiting(String reason) {
    standing.setsUnavailable(Optional.of(reason));
    return NOTHING;
  }

  private Taken judge(WideSets.Came came) {
    standing.setsUnavailable(came.refused().stream().findFirst());
    if (came.restore().isPresent()) {
      LOG.info("reading a partition of wide sets again: {}", came.restore().get());
      return new Taken.Restore();
    }
    return came.changed() ? joined(assembly.sets()) : NOTHING;
  }

  private static Taken joined(Optional<Version> version) {
    return version.<Taken>map(Taken.Next::new).orElse(NOTHING);
  }

  /** Which wide sets the newest version waits for, if it does. */
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
