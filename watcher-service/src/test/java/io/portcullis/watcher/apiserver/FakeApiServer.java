package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.portcullis.json.Json;
import io.portcullis.validation.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * An API server in this process, over HTTP: it lists in pages, watches from a resource version on,
 * has kinds that come and go, and fails in the ways that a test asks for.
 */
public final class FakeApiServer implements AutoCloseable {
  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** All requests in their order. */
  private final List<FakeRequest> requests = new CopyOnWriteArrayList<>();

  private final FakeDiscovery discovery = new FakeDiscovery();

  // all below is guarded by this
  private final Map<Kind, TreeMap<String, ObjectNode>> objects = new HashMap<>();
  private final List<FakeWatch.Event> history = new ArrayList<>();
  private final Map<String, FakeReply.Refusal> refusals = new LinkedHashMap<>();
  private final List<FakeWatch> watches = new ArrayList<>();
  private long version = 100;
  private long oldest;
  private boolean expiresNextPage;
  private boolean isSilent;

  public FakeApiServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Makes a client of this server, set as Quarkus sets it. */
  public KubernetesClient client() {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** This server as the watcher sees it. */
  public ApiServer server() {
    return new Fabric8ApiServer(client());
  }

  /** Serves kinds from now on, in all versions that are known. */
  public void serve(Kind... kinds) {
    for (var kind : kinds) {
      discovery.serve(kind, kind.apiVersions());
    }
  }

  /** Serves a kind in these versions only; objects stay, as those of a CRD do. */
  public void serveIn(Kind kind, String... apiVersions) {
    discovery.serve(kind, List.of(apiVersions));
    endWatches(kind);
  }

  /** Serves a kind no longer; its objects go without an event, as those of a CRD do. */
  public synchronized void withdraw(Kind kind) {
    discovery.remove(kind);
    objects.remove(kind);
    endWatches(kind);
  }

  /**
   * Answers every second request as another server behind the same address, which has not heard yet
   * that a kind is served in other versions. Both have the same objects.
   */
  public void besideOneThatServes(Kind kind, String... apiVersions) {
    discovery.besideOneThatServes(kind, List.of(apiVersions));
    endWatches(kind);
  }

  /** Answers all requests as one server again. */
  public void alone() {
    discovery.alone();
  }

  /** Makes or replaces an object, which gets the next resource version. */
  public synchronized ObjectNode put(Kind kind, String namespace, String name, String rest) {
    var object = (ObjectNode) Json.read(rest.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    var metadata = object.withObject("/metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    if (!metadata.has("uid")) {
      metadata.put("uid", "uid-" + name);
    }
    metadata.put("resourceVersion", Long.toString(++version));
    var before =
        objects.computeIfAbsent(kind, _ -> new TreeMap<>()).put(namespace + "/" + name, object);
    tell(new FakeWatch.Event(version, kind, before == null ? "ADDED" : "MODIFIED", object));
    return object;
  }

  /** Deletes an object. */
  public synchronized void delete(Kind kind, String namespace, String name) {
    var gone = objects.get(kind).remove(namespace + "/" + name).deepCopy();
    gone.withObject("/metadata").put("resourceVersion", Long.toString(++version));
    tell(new FakeWatch.Event(version, kind, "DELETED", gone));
  }

  /** Tells open watches of a kind how far they have come, as a server does now and then. */
  public synchronized String bookmark(Kind kind) {
    var mark = Json.mapper().createObjectNode();
    mark.putObject("metadata").put("resourceVersion", Long.toString(++version));
    tell(new FakeWatch.Event(version, kind, "BOOKMARK", mark));
    return Long.toString(version);
  }

  private void tell(FakeWatch.Event event) {
    history.add(event);
    notifyAll();
  }

  /** Forgets history: whoever watches from an earlier version on is told that it is too old. */
  public synchronized void compact() {
    oldest = version;
  }

  /** Lets the next page that follows another one have expired. */
  public synchronized void expireNextPage() {
    expiresNextPage = true;
  }

  /** Refuses requests whose path ends so; that of a list's further page in {@code ?continue}. */
  public synchronized void refuse(String pathEnd, int status, String message) {
    refusals.put(pathEnd, new FakeReply.Refusal(status, message));
  }

  /** Refuses them no longer. */
  public synchronized void allow(String pathEnd) {
    refusals.remove(pathEnd);
  }

  /** Answers nothing from now on, or answers again. */
  public synchronized void silent(boolean silent) {
    isSilent = silent;
    notifyAll();
  }

  /** Open watches of a kind stay open and tell nothing any more, as where a connection is cut. */
  public void muteWatches(Kind kind) {
    watches(kind, FakeWatch.Mode.IS_SILENT);
  }

  /** Ends open watches of a kind in good order, when they have told all that there is. */
  public void endWatches(Kind kind) {
    watches(kind, FakeWatch.Mode.ENDS);
  }

  /** Breaks open watches of a kind in the middle of a line. */
  public void breakWatches(Kind kind) {
    watches(kind, FakeWatch.Mode.BREAKS);
  }

  private synchronized void watches(Kind kind, FakeWatch.Mode mode) {
    watches.stream().filter(watch -> watch.kind() == kind).forEach(watch -> watch.become(mode));
    notifyAll();
  }

  /** All requests so far whose path ends so. */
  public List<FakeRequest> requests(String pathEnd) {
    return requests.stream().filter(request -> request.path().endsWith(pathEnd)).toList();
  }

  private Stream<FakeRequest> ofKind(Kind kind) {
    return requests.stream()
        .filter(
            request ->
                kind.apiVersions().stream().map(kind::path).anyMatch(request.path()::equals));
  }

  /** The lists of a kind that were asked for, each page by itself. */
  public List<FakeRequest> pages(Kind kind) {
    return ofKind(kind).filter(request -> !request.isWatch()).toList();
  }

  /** The watches of a kind that were asked for. */
  public List<FakeRequest> watches(Kind kind) {
    return ofKind(kind).filter(FakeRequest::isWatch).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var request = FakeRequest.of(exchange);
    requests.add(request);
    try {
      var refusal = refusal(request);
      var seen = discovery.next();
      var kind = seen.kind(request.path());
      if (refusal.isPresent()) {
        refusal.get().answer(exchange);
      } else if (kind.isPresent() && request.isWatch()) {
        watch(exchange, new FakeWatch(kind.get(), request, seen));
      } else if (kind.isPresent()) {
        list(exchange, kind.get(), request);
      } else {
        other(exchange, request, seen);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private synchronized Optional<FakeReply.Refusal> refusal(FakeRequest request)
      throws InterruptedException {
    while (isSilent) {
      wait();
    }
    return refusals.entrySet().stream()
        .filter(each -> request.endsIn(each.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private void other(HttpExchange exchange, FakeRequest request, FakeDiscovery seen)
      throws IOException {
    if (!request.method().equals("GET")) {
      FakeReply.text(exchange, 201, "{}");
    } else if (request.path().equals("/readyz")) {
      FakeReply.text(exchange, 200, "ok");
    } else {
      var answer = seen.at(request.path());
      if (answer.isPresent()) {
        FakeReply.json(exchange, 200, answer.get());
      } else {
        new FakeReply.Refusal(NOT_FOUND, "the server could not find the requested resource")
            .answer(exchange);
      }
    }
  }

  private void list(HttpExchange exchange, Kind kind, FakeRequest request) throws IOException {
    var page = page(kind, request);
    if (page.isEmpty()) {
      new FakeReply.Refusal(GONE, "The provided continue parameter is too old").answer(exchange);
    } else {
      FakeReply.json(exchange, 200, page.get());
    }
  }

  private synchronized Optional<ObjectNode> page(Kind kind, FakeRequest request) {
    if (expiresNextPage && request.query().containsKey("continue")) {
      expiresNextPage = false;
      return Optional.empty();
    }
    var all = List.copyOf(objects.getOrDefault(kind, new TreeMap<>()).values());
    return Optional.of(FakeReply.page(all, request, version));
  }

  private void watch(HttpExchange exchange, FakeWatch watch)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    out.flush();
    try {
      open(watch);
      while (true) {
        switch (next(watch)) {
          case ENDS -> {
            out.close();
            return;
          }
          case BREAKS -> {
            out.write("{\"type\":".getBytes(StandardCharsets.UTF_8));
            out.flush();
            throw new IOException("broken, as the test wants it");
          }
          case TELLS, IS_SILENT -> {
            for (var line : lines(watch)) {
              out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
          }
        }
      }
    } finally {
      close(watch);
    }
  }

  private synchronized void open(FakeWatch watch) {
    watches.add(watch);
  }

  private synchronized void close(FakeWatch watch) {
    watches.remove(watch);
  }

  private synchronized FakeWatch.Mode next(FakeWatch watch) throws InterruptedException {
    while (watch.waits(history, oldest)) {
      wait();
    }
    return watch.next(history, oldest);
  }

  private synchronized List<String> lines(FakeWatch watch) {
    return watch.take(history, oldest, version);
  }

  @Override
  public void close() {
    silent(false);
    server.stop(0);
    threads.shutdownNow();
  }
}
