package io.portcullis.watcher.kubernetes;

import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiException;
import io.portcullis.watcher.apiserver.ApiServer;
import io.portcullis.watcher.kubernetes.InformerEvent.Answered;
import io.portcullis.watcher.kubernetes.InformerEvent.Silent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an API server again and again which kinds it has: those that come and go are seen, and that
 * it answers at all.
 */
final class ApiDiscovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDiscovery.class);
  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(4);

  private final ApiServer server;
  private final BlockingQueue<InformerEvent> news;
  private final Thread thread;

  ApiDiscovery(ApiServer server, BlockingQueue<InformerEvent> news) {
    this.server = server;
    this.news = news;
    this.thread = Thread.ofVirtual().name("pulse").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        news.put(ask());
        Thread.sleep(BETWEEN);
      }
    } catch (InterruptedException _) {
      LOG.debug("the server is not asked any more");
    }
  }

  private InformerEvent ask() throws InterruptedException {
    try {
      return new Answered(served());
    } catch (ApiException e) {
      return new Silent(
          "the API server does not answer as it should: "
              + e.getMessage()
              + e.remedy().map(remedy -> "; " + remedy).orElse(""));
    }
  }

  private Set<Kind> served() throws ApiException, InterruptedException {
    server.check("/readyz", LONGEST); // before that it does not show all its kinds
    var versions = new HashSet<String>();
    for (var group : server.get("/apis", LONGEST).path("groups")) {
      for (var version : group.path("versions")) {
        versions.add(version.path("groupVersion").asText());
      }
    }
    var served = EnumSet.of(Kind.POD, Kind.NAMESPACE, Kind.NODE);
    Map<String, Set<String>> resources = new HashMap<>();
    for (var kind : Kind.values()) {
      if (versions.contains(kind.apiVersion())) {
        if (!resources.containsKey(kind.apiVersion())) {
          resources.put(kind.apiVersion(), resources(kind.apiVersion()));
        }
        if (resources.get(kind.apiVersion()).contains(kind.plural())) {
          served.add(kind);
        }
      }
    }
    if (served.contains(Kind.NETWORK_POLICY)) { // L7
      served.remove(Kind.LEGACY_POLICY);
    }
    return served;
  }

  private Set<String> resources(String groupVersion) throws ApiException, InterruptedException {
    var names = new HashSet<String>();
    for (var resource : server.get("/apis/" + groupVersion, LONGEST).path("resources")) {
      names.add(resource.path("name").asText());
    }
    return names;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
