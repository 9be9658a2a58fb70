package io.portcullis.watcher.status;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.watcher.publish.KindReport;
import io.portcullis.watcher.source.MissingPorts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Keeps what is still to be written at objects. It writes nothing; any thread may use it. */
final class PendingStatus {

  /** What failed is tried again after so long. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** A port is missing after so long: a policy often comes just before its pods. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  // all of these are guarded by this
  private final Map<ObjectKey, Write> wanted = new HashMap<>();
  private final Set<ObjectKey> open = new HashSet<>();
  private final Map<ObjectKey, PortWarning> warnings = new HashMap<>();
  private Map<ObjectKey, String> inForce = Map.of();
  private List<KindReport> kinds = List.of();
  private final Set<KindReport> unwrittenKinds = new LinkedHashSet<>();

  /** The conditions of an object, and its event if it needs one. */
  record Write(ObjectKey key, StatusConditions status, Optional<Reached> reached) {}

  /**
   * The event of a policy whose named ports no pod has.
   *
   * @param due when it is to be written, if the ports are still missing then
   */
  record PortWarning(ObjectKey key, MissingPorts missing, Instant due, boolean isWritten) {
    private PortWarning written(boolean now) {
      return new PortWarning(key, missing, due, now);
    }
  }

  /**
   * Takes what an object should say.
   *
   * @return whether there is something new to write
   */
  synchronized boolean shown(ObjectKey key, StatusConditions status) {
    if (status.isSilent()) {
      gone(key);
      return false;
    }
    var before = Optional.ofNullable(wanted.get(key));
    var told = Optional.ofNullable(inForce.get(key)).map(status::withInForce).orElse(status);
    return want(new Write(key, told, before.flatMap(Write::reached)));
  }

  /**
   * Takes what is in force of all refused objects.
   *
   * @return whether there is something new to write
   */
  synchronized boolean inForce(Map<ObjectKey, String> all) {
    inForce = Map.copyOf(all);
    var isNew = false;
    for (var object : all.entrySet()) {
      var before = wanted.get(object.getKey());
      isNew |=
          before != null
              && want(
                  new Write(
                      before.key(),
                      before.status().withInForce(object.getValue()),
                      before.reached()));
    }
    return isNew;
  }

  /**
   * Takes which nodes hold an object, if it is one that says so.
   *
   * @return whether there is something new to write
   */
  synchronized boolean reached(ObjectKey key, Reached reached) {
    var before = wanted.get(key);
    return before != null && want(new Write(key, before.status(), Optional.of(reached)));
  }

  private boolean want(Write write) {
    var isNew = !write.equals(wanted.put(write.key(), write));
    if (isNew) {
      open.add(write.key());
    }
    return isNew;
  }

  /** Takes that an object says nothing any more. */
  synchronized void gone(ObjectKey key) {
    wanted.remove(key);
    open.remove(key);
  }

  /** Takes all policies that name ports that no pod has. */
  synchronized void missingPorts(Map<ObjectKey, MissingPorts> all, Instant now) {
    warnings.keySet().retainAll(all.keySet());
    all.forEach(
        (key, missing) ->
            warnings.merge(
                key,
                new PortWarning(key, missing, now.plus(GRACE), false),
                (before, after) -> before.missing().equals(missing) ? before : after));
  }

  /**
   * Takes what is to be told of kinds. A removal is told though it is over; other reports are not.
   *
   * @return whether there is something new to write
   */
  synchronized boolean kinds(List<KindReport> reports) {
    unwrittenKinds.removeIf(report -> !report.isRemoval() && !reports.contains(report));
    var isNew = false;
    for (var report : reports) {
      isNew |= !kinds.contains(report) && unwrittenKinds.add(report);
    }
    kinds = List.copyOf(reports);
    return isNew;
  }

  synchronized List<KindReport> unwrittenKinds() {
    return List.copyOf(unwrittenKinds);
  }

  synchronized void written(KindReport report) {
    unwrittenKinds.remove(report);
  }

  /** Writes everything again, as a watcher does that begins to publish. */
  synchronized void reopen() {
    open.addAll(wanted.keySet());
    unwrittenKinds.addAll(kinds);
    warnings.replaceAll((_, warning) -> warning.written(false));
  }

  /** Returns what is to be written; a refusal waits until it is known what is in force. */
  synchronized List<Write> writes() {
    return open.stream().map(wanted::get).filter(write -> write.status().isTold()).toList();
  }

  /** Takes that this was written. What has changed meanwhile is still to be written. */
  synchronized void written(Write write) {
    if (write.equals(wanted.get(write.key()))) {
      open.remove(write.key());
    }
  }

  synchronized List<PortWarning> warnings(Instant now) {
    return unwritten().filter(warning -> !warning.due().isAfter(now)).toList();
  }

  synchronized void written(PortWarning warning) {
    warnings.replace(warning.key(), warning, warning.written(true));
  }

  private Stream<PortWarning> unwritten() {
    return warnings.values().stream().filter(warning -> !warning.isWritten());
  }

  /** Returns how long nothing can be written; none if that is until something is new. */
  synchronized Optional<Duration> pause(Instant now) {
    var ofWarnings =
        unwritten()
            .map(
                warning ->
                    warning.due().isAfter(now) ? Duration.between(now, warning.due()) : RETRY);
    var ofWrites =
        open.isEmpty() && unwrittenKinds.isEmpty() ? Stream.<Duration>empty() : Stream.of(RETRY);
    return Stream.concat(ofWarnings, ofWrites).min(Duration::compareTo);
  }
}
