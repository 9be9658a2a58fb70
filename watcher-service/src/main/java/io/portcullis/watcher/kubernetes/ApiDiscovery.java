package io.portcullis.watcher.kubernetes;

import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiException;
import io.portcullis.watcher.kubernetes.InformerEvent.Answered;
import io.portcullis.watcher.kubernetes.InformerEvent.Silent;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an API server every few seconds which kinds it serves. So kinds that come and go are
 * noticed, and a server that does not answer at all.
 */
final class ApiDiscovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDiscovery.class);

  private final InformerContext context;
  private final Thread thread;

  ApiDiscovery(InformerContext context) {
    this.context = context;
    this.thread = Thread.ofVirtual().name("discovery").start(this::run);
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        context.events().put(ask());
        Thread.sleep(context.timing().discovery());
      }
    } catch (InterruptedException _) {
      LOG.debug("discovery has ended");
    }
  }

  private InformerEvent ask() throws InterruptedException {
    try {
      return new Answered(served());
    } catch (ApiException e) {
      return new Silent("the API server does not answer as it should: " + e.withRemedy());
    }
  }

  private Set<Kind> served() throws ApiException, InterruptedException {
    var server = context.server();
    server.check("/readyz", context.timing().answer()); // before that it does not show all kinds
    var versions = new HashSet<String>();
    for (var group : server.get("/apis", context.timing().answer()).path("groups")) {
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
    var list = context.server().get("/apis/" + groupVersion, context.timing().answer());
    for (var resource : list.path("resources")) {
      names.add(resource.path("name").asText());
    }
    return names;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
