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
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
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
  private static final int PAGE = 500;
  private static final Duration LONGEST_PAGE = Duration.ofSeconds(30);

  /** The server ends a watch after that; a connection that broke silently is found then. */
  private static final Duration WATCH = Duration.ofMinutes(1);

  private static final Duration MARGIN = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ApiServer server;
  private final Kind kind;
  private final BlockingQueue<InformerEvent> news;
  private final LongSupplier clockMicros;
  private final Thread thread;

  /** The resource version of each object that was told. */
  private final Map<ObjectKey, String> told = new HashMap<>();

  private final Interner sharing = new Interner();

  private Optional<String> version = Optional.empty();
  private final Backoff retry = new Backoff(Duration.ofMillis(100), LONGEST_PAUSE);
  private boolean isWorking;
  private volatile long round;
  private volatile boolean closed;

  /** When the present watch began. */
  private Optional<Long> begunNanos = Optional.empty();

  /**
   * @param news where it tells what it sees; when that is full it waits
   * @param clockMicros the time, microseconds since 1970, for what is seen
   * @param round that lists are told to be of
   */
  KindInformer(
      ApiServer server,
      Kind kind,
      BlockingQueue<InformerEvent> news,
      LongSupplier clockMicros,
      long round) {
    this.round = round;
    this.server = server;
    this.kind = kind;
    this.news = news;
    this.clockMicros = clockMicros;
    this.thread = Thread.ofVirtual().name("watch-" + kind.plural()).start(this::run);
  }

  private void run() {
    while (!closed) {
      try {
        turn();
      } catch (InterruptedException _) {
        version = Optional.empty(); // to list again, or to end
      }
    }
    LOG.debug("{} are not watched any more", kind.plural());
  }

  /** Lists them again from now on, whatever it believes to know. */
  void lookAgain(long newRound) {
    round = newRound;
    thread.interrupt();
  }

  private void turn() throws InterruptedException {
    try {
      if (version.isEmpty()) {
        version = Optional.of(list());
      }
      watch();
    } catch (ApiException e) {
      if (e.isGone()) {
        LOG.info("{} are listed again: {}", kind.plural(), e.getMessage());
        version = Optional.empty();
      } else {
        failed(e);
      }
    } catch (RuntimeException e) {
      LOG.error("{} could not be read, they are listed again", kind.plural(), e);
      version = Optional.empty();
      failed(new ApiException("an error of ours: " + e, e));
    }
  }

  private void failed(ApiException e) throws InterruptedException {
    isWorking = false;
    news.put(
        new Failing(
            kind,
            "%s cannot be read: %s%s"
                .formatted(
                    kind.plural(), e.getMessage(), e.remedy().map(r -> "; " + r).orElse(""))));
    if (begunNanos.filter(b -> System.nanoTime() - b > LONGEST_PAUSE.toNanos()).isPresent()) {
      retry.succeeded(); // what broke had worked for long
    }
    begunNanos = Optional.empty();
    Thread.sleep(retry.lengthen());
  }

  private void working() throws InterruptedException {
    if (!isWorking) {
      news.put(new Working(kind));
      isWorking = true;
    }
  }

  /**
   * All of them, page by page; what has not changed since it was told is not told again.
   *
   * @return the resource version of the list
   */
  private String list() throws ApiException, InterruptedException {
    var ofRound = round;
    var gone = new HashSet<>(told.keySet());
    var next = "";
    JsonNode page;
    do {
      var query = "?limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encoded(next));
      page = server.get(kind.path() + query, LONGEST_PAGE);
      retry.succeeded();
      working();
      for (var item : page.path("items")) {
        gone.remove(tell(item));
      }
      next = page.path("metadata").path("continue").asText();
    } while (!next.isEmpty());
    for (var key : gone) {
      tellGone(key);
    }
    news.put(new Listed(kind, ofRound));
    return page.path("metadata").path("resourceVersion").asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void watch() throws ApiException, InterruptedException {
    server.stream(
        "%s?watch=1&allowWatchBookmarks=true&resourceVersion=%s&timeoutSeconds=%d"
            .formatted(kind.path(), encoded(version.orElseThrow()), WATCH.toSeconds()),
        WATCH.plus(MARGIN),
        new ApiServer.Lines() {
          @Override
          public void begun() throws InterruptedException {
            begunNanos = Optional.of(System.nanoTime());
            working();
          }

          @Override
          public void next(JsonNode document) throws ApiException, InterruptedException {
            event(document);
            retry.succeeded();
          }
        });
  }

  private void event(JsonNode event) throws ApiException, InterruptedException {
    var object = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> tell(object);
      case "DELETED" -> tellGone(key(object));
      case "BOOKMARK" -> {}
      default ->
          throw new ApiException(
              object.path("code").asInt(), kind.path() + ": " + object.path("message").asText());
    }
    working();
    var seen = object.path("metadata").path("resourceVersion").asText();
    version = Optional.of(seen).filter(text -> !text.isEmpty()).or(() -> version);
  }

  private ObjectKey key(JsonNode object) {
    var metadata = object.path("metadata");
    return kind.key(metadata.path("namespace").asText(), metadata.path("name").asText());
  }

  private ObjectKey tell(JsonNode object) throws InterruptedException {
    var key = key(object);
    var seen = object.path("metadata").path("resourceVersion").asText();
    if (!seen.equals(told.get(key))) {
      var read = ApiObject.read(kind, object, clockMicros.getAsLong()).sharing(sharing);
      news.put(new Seen(kind, read, StatusConditions.of(kind, read, object)));
      told.put(read.key(), seen); // not before: who is interrupted has told nothing
    }
    return key;
  }

  private void tellGone(ObjectKey key) throws InterruptedException {
    news.put(new Gone(kind, key));
    told.remove(key);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /**
   * Ends it for good, as the server has no such kind any more.
   *
   * @return what it has told of, and not that it is gone
   */
  Set<ObjectKey> end() throws InterruptedException {
    close();
    thread.join();
    return Set.copyOf(told.keySet());
  }
}
