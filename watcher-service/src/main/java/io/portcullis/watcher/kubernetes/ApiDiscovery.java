package io.portcullis.watcher.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.ApiException;
import io.portcullis.watcher.kubernetes.Discovered.Definition;
import io.portcullis.watcher.kubernetes.Discovered.Missing;
import io.portcullis.watcher.kubernetes.Discovered.Refused;
import io.portcullis.watcher.kubernetes.Discovered.Served;
import io.portcullis.watcher.kubernetes.InformerEvent.Answered;
import io.portcullis.watcher.kubernetes.InformerEvent.Silent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an API server every few seconds in which versions it serves each kind. So kinds that come
 * and go are noticed, and a server that does not answer at all.
 */
final class ApiDiscovery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDiscovery.class);
  private static final Set<Kind> CORE = EnumSet.of(Kind.POD, Kind.NAMESPACE, Kind.NODE);
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";

  /** The definition of a kind that stays missing is asked for in one of so many looks. */
  private static final int LOOKS_PER_DEFINITION = 5;

  private final InformerContext context;
  private final Thread thread;

  /** For how many looks each kind has been missing. */
  private final Map<Kind, Integer> missing = new EnumMap<>(Kind.class);

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
      context.server().check("/readyz", context.timing().answer()); // before, kinds are missing
      var look = new Look(groupVersions());
      var kinds = new EnumMap<Kind, Discovered>(Kind.class);
      for (var kind : Kind.values()) {
        kinds.put(kind, discovered(kind, look));
      }
      return new Answered(kinds);
    } catch (ApiException e) {
      return new Silent("the API server does not answer as it should: " + e.withRemedy());
    }
  }

  private Set<String> groupVersions() throws ApiException, InterruptedException {
    var versions = new LinkedHashSet<String>();
    for (var group : context.server().get("/apis", context.timing().answer()).path("groups")) {
      for (var version : group.path("versions")) {
        versions.add(version.path("groupVersion").asText());
      }
    }
    return versions;
  }

  private Discovered discovered(Kind kind, Look look) throws InterruptedException {
    if (CORE.contains(kind)) {
      return new Served(kind.apiVersions());
    }
    var answer = look.at(kind);
    if (!(answer instanceof Missing(var others, _))) {
      missing.remove(kind);
      return answer;
    }
    var looks = missing.merge(kind, 1, Integer::sum);
    return Kind.tiered().contains(kind) && looks % LOOKS_PER_DEFINITION == 1
        ? new Missing(others, Optional.of(definition(kind)))
        : answer;
  }

  private Definition definition(Kind kind) throws InterruptedException {
    try {
      var found = context.server().get(DEFINITIONS + kind.resource(), context.timing().answer());
      var served = new ArrayList<String>();
      for (var version : found.path("spec").path("versions")) {
        if (version.path("served").asBoolean()) {
          served.add(kind.apiGroup() + "/" + version.path("name").asText());
        }
      }
      return new Definition.There(served);
    } catch (ApiException e) {
      return e.isNotFound() ? new Definition.Gone() : new Definition.Refused(e.withRemedy());
    }
  }

  /** One look at the server: what it has is asked for once in each version of a group. */
  private final class Look {
    private final Set<String> groupVersions;
    private final Map<String, JsonNode> resources = new HashMap<>();

    private Look(Set<String> groupVersions) {
      this.groupVersions = groupVersions;
    }

    private Discovered at(Kind kind) throws InterruptedException {
      var served = new ArrayList<String>();
      var others = new ArrayList<String>();
      var refusals = new ArrayList<String>();
      for (var groupVersion : versionsOf(kind)) {
        try {
          if (has(groupVersion, kind.plural())) {
            (kind.apiVersions().contains(groupVersion) ? served : others).add(groupVersion);
          }
        } catch (ApiException e) {
          refusals.add(e.withRemedy());
        }
      }
      if (!served.isEmpty()) {
        return new Served(served);
      }
      return refusals.isEmpty()
          ? new Missing(others, Optional.empty())
          : new Refused(
              "discovery of %s fails: %s".formatted(kind.apiGroup(), refusals.getFirst()));
    }

    /** Returns the versions of the kind's group that the server has: those known come first. */
    private List<String> versionsOf(Kind kind) {
      var versions = new LinkedHashSet<>(kind.apiVersions());
      if (Kind.tiered().contains(kind)) {
        groupVersions.stream()
            .filter(version -> version.startsWith(kind.apiGroup() + "/"))
            .forEach(versions::add);
      }
      versions.retainAll(groupVersions);
      return List.copyOf(versions);
    }

    private boolean has(String groupVersion, String plural)
        throws ApiException, InterruptedException {
      if (!resources.containsKey(groupVersion)) {
        resources.put(groupVersion, resources(groupVersion));
      }
      for (var resource : resources.get(groupVersion)) {
        if (resource.path("name").asText().equals(plural)) {
          return true;
        }
      }
      return false;
    }

    /**
     * Returns what the server has in a version; nothing if another server has named the version.
     */
    private JsonNode resources(String groupVersion) throws ApiException, InterruptedException {
      try {
        return context
            .server()
            .get("/apis/" + groupVersion, context.timing().answer())
            .path("resources");
      } catch (ApiException e) {
        if (e.isNotFound()) {
          return MissingNode.getInstance();
        }
        throw e;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
