package io.portcullis.watcher.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.Interner;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.retry.Backoff;
import io.portcullis.validation.ApiObject;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiException;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.kubernetes.InformerEvent.Failing;
import io.portcullis.watcher.kubernetes.InformerEvent.Gone;
import io.portcullis.watcher.kubernetes.InformerEvent.Listed;
import io.portcullis.watcher.kubernetes.InformerEvent.Seen;
import io.portcullis.watcher.kubernetes.InformerEvent.Working;
import io.portcullis.watcher.status.StatusConditions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches one kind, on a thread of its own.
 *
 * <pre>
 *   list, page by page ──▶ watch ──(ended: from the last version on)──▶ watch
 *      ▲                     │
 *      └──(410: too old)─────┘        whatever fails is tried again, slower and slower
 * </pre>
 */
final class KindInformer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KindInformer.class);
  private static final int PAGE_SIZE = 500;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final InformerContext context;
  private final Kind kind;
  private final String apiVersion;
  private final Thread thread;

  /** The resource version of each object that was reported; empty if that is not known. */
  private final Map<ObjectKey, String> reported = new HashMap<>();

  private final Interner interner = new Interner();

  /** From which version on the kind is watched; empty when it must be listed first. */
  private Optional<String> version = Optional.empty();

  private final Backoff retry;
  private boolean isWorking;
  private volatile long round;
  private volatile boolean closed;

  /** When the present watch began. */
  private Optional<Long> begunNanos = Optional.empty();

  /**
   * Starts to read a kind.
   *
   * @param served the version in which the server has it
   * @param round that its first list is reported with
   * @param known the objects that were reported already, in whatever form
   */
  KindInformer(
      InformerContext context, Kind kind, String served, long round, Set<ObjectKey> known) {
    this.context = context;
    this.kind = kind;
    this.apiVersion = served;
    this.round = round;
    known.forEach(key -> reported.put(key, ""));
    this.retry = new Backoff(FIRST_PAUSE, context.timing().longestPause());
    this.thread = Thread.ofVirtual().name("watch-" + kind.plural()).start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        listAndWatch();
      } catch (InterruptedException _) {
        version = Optional.empty(); // to list again, or to end
      }
    }
    LOG.debug("{} are not watched any more", kind.plural());
  }

  /** Lists the kind again from now on, whatever this informer believes to know. */
  void lookAgain(long newRound) {
    round = newRound;
    thread.interrupt();
  }

  private void listAndWatch() throws InterruptedException {
    try {
      if (version.isEmpty()) {
        version = Optional.of(list());
      }
      watch();
    } catch (ApiException e) {
      if (e.isGone()) {
        LOG.info("{} are listed again: {}", kind.plural(), e.getMessage());
        version = Optional.empty();
        Thread.sleep(retry.lengthen());
      } else {
        failed(e);
      }
    } catch (RuntimeException e) {
      LOG.error("{} could not be read and are listed again", kind.plural(), e);
      version = Optional.empty();
      failed(new ApiException("internal error: " + e, e));
    }
  }

  private void failed(ApiException e) throws InterruptedException {
    isWorking = false;
    report(new Failing(kind, "%s cannot be read: %s".formatted(kind.plural(), e.withRemedy())));
    var hadWorkedForLong =
        begunNanos
            .filter(b -> System.nanoTime() - b > context.timing().longestPause().toNanos())
            .isPresent();
    if (hadWorkedForLong) {
      retry.succeeded();
    }
    begunNanos = Optional.empty();
    Thread.sleep(retry.lengthen());
  }

  private void working() throws InterruptedException {
    if (!isWorking) {
      report(new Working(kind));
      isWorking = true;
    }
  }

  private void report(InformerEvent event) throws InterruptedException {
    context.events().put(event);
  }

  /**
   * Lists all objects, page by page. An object that has not changed since it was reported is not
   * reported again.
   *
   * @return the resource version of the list
   */
  private String list() throws ApiException, InterruptedException {
    var ofRound = round;
    var gone = new HashSet<>(reported.keySet());
    var next = "";
    JsonNode page;
    do {
      var query = "?limit=" + PAGE_SIZE + (next.isEmpty() ? "" : "&continue=" + encoded(next));
      page = context.server().get(kind.path(apiVersion) + query, context.timing().page());
      for (var item : page.path("items")) {
        gone.remove(seen(item));
      }
      next = page.path("metadata").path("continue").asText();
    } while (!next.isEmpty());
    for (var key : gone) {
      gone(key);
    }
    retry.succeeded();
    working(); // not after a page: the next one may be what cannot be read
    report(new Listed(kind, ofRound));
    return page.path("metadata").path("resourceVersion").asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void watch() throws ApiException, InterruptedException {
    var timing = context.timing();
    context.server().stream(
        "%s?watch=1&allowWatchBookmarks=true&resourceVersion=%s&timeoutSeconds=%d"
            .formatted(
                kind.path(apiVersion), encoded(version.orElseThrow()), timing.watch().toSeconds()),
        timing.watch().plus(timing.watchMargin()),
        new ApiServer.Lines() {
          @Override
          public void begun() throws InterruptedException {
            begunNanos = Optional.of(System.nanoTime());
            working();
          }

          @Override
          public void next(JsonNode document) throws ApiException, InterruptedException {
            take(document);
            retry.succeeded();
          }
        });
  }

  private void take(JsonNode event) throws ApiException, InterruptedException {
    var object = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> seen(object);
      case "DELETED" -> gone(key(object));
      case "BOOKMARK" -> {}
      default ->
          throw new ApiException(
              object.path("code").asInt(),
              kind.path(apiVersion) + ": " + object.path("message").asText());
    }
    working();
    var seen = object.path("metadata").path("resourceVersion").asText();
    version = Optional.of(seen).filter(text -> !text.isEmpty()).or(() -> version);
  }

  private ObjectKey key(JsonNode object) {
    var metadata = object.path("metadata");
    return kind.key(metadata.path("namespace").asText(), metadata.path("name").asText());
  }

  private ObjectKey seen(JsonNode object) throws InterruptedException {
    var key = key(object);
    var seen = object.path("metadata").path("resourceVersion").asText();
    if (!seen.equals(reported.get(key))) {
      var read = ApiObject.read(kind, object, context.clockMicros().getAsLong()).sharing(interner);
      report(new Seen(kind, read, StatusConditions.of(kind, apiVersion, read, object)));
      reported.put(read.key(), seen); // not before: an interrupted report has reported nothing
    }
    return key;
  }

  private void gone(ObjectKey key) throws InterruptedException {
    report(new Gone(kind, key));
    reported.remove(key);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** Returns the version in which it reads the kind. */
  String apiVersion() {
    return apiVersion;
  }

  /**
   * Ends this informer for good, as the server does not have the kind any more in this version.
   *
   * @return the objects that it has reported, and not reported to be gone
   */
  Set<ObjectKey> end() throws InterruptedException {
    close();
    thread.join();
    return Set.copyOf(reported.keySet());
  }
}
