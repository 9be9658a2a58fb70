package io.portcullis.watcher.status;

import io.portcullis.watcher.apiserver.ApiException;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.status.PendingStatus.Write;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes conditions and events to an API server; each call blocks. */
final class StatusClient {
  private static final Logger LOG = LoggerFactory.getLogger(StatusClient.class);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String MANAGER = "portcullis-watcher";

  private final ApiServer server;

  StatusClient(ApiServer server) {
    this.server = server;
  }

  /**
   * Writes an object's conditions and its event, unless the object has them.
   *
   * @return false if that failed and is to be tried again
   */
  boolean write(Write write, Instant now) throws InterruptedException {
    var status = write.status();
    try {
      var conditions = status.missing(write.reached(), now);
      if (!conditions.isEmpty()) {
        server.send(
            "PATCH",
            "%s/%s/status?fieldManager=%s&force=true"
                .formatted(status.kind().path(status.apiVersion()), status.name(), MANAGER),
            APPLY,
            status.with(conditions),
            LONGEST);
      }
      var warning = status.warning();
      if (warning.isPresent()) {
        make(warning.get(), now);
      }
      return true;
    } catch (ApiException e) {
      return isDone(status.kind().kind(), status.name(), e);
    }
  }

  /**
   * Makes an event.
   *
   * @return false if that failed and is to be tried again
   */
  boolean write(WarningEvent event, Instant now) throws InterruptedException {
    try {
      make(event, now);
      return true;
    } catch (ApiException e) {
      return isDone(event.kind(), event.name(), e);
    }
  }

  private void make(WarningEvent warning, Instant now) throws ApiException, InterruptedException {
    try {
      server.send(
          "POST",
          "/api/v1/namespaces/" + warning.place() + "/events",
          "application/json",
          warning.event(now),
          LONGEST);
    } catch (ApiException e) {
      if (!e.isConflict()) { // the event exists already
        throw e;
      }
    }
  }

  /** An object that is gone, or goes with its namespace, needs no status. */
  private static boolean isDone(String kind, String name, ApiException e) {
    if (e.isNotFound() || e.isNamespaceTerminating()) {
      return true;
    }
    LOG.warn("the status of {} {} cannot be written: {}", kind, name, e.withRemedy());
    return false;
  }
}
