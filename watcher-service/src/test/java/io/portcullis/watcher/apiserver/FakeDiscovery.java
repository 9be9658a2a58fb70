package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.validation.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds that the fake API server has, and in which versions. */
final class FakeDiscovery {
  private static final String DEFINITIONS = "apiextensions.k8s.io/v1/customresourcedefinitions/";

  /**
   * The versions in which each kind is served, perhaps none; a kind without definition is absent.
   */
  private final Map<Kind, List<String>> served = new EnumMap<>(Kind.class);

  private Optional<FakeDiscovery> behind = Optional.empty();
  private long turn;

  FakeDiscovery() {
    List.of(Kind.POD, Kind.NAMESPACE, Kind.NODE).forEach(kind -> serve(kind, List.of("v1")));
  }

  synchronized void serve(Kind kind, List<String> apiVersions) {
    served.put(kind, List.copyOf(apiVersions));
  }

  synchronized void remove(Kind kind) {
    served.remove(kind);
  }

  /** Adds another server that differs in one kind; without versions it lacks the kind. */
  synchronized void besideOneThatServes(Kind kind, List<String> apiVersions) {
    var other = new FakeDiscovery();
    served.forEach(other::serve);
    if (apiVersions.isEmpty()) {
      other.remove(kind);
    } else {
      other.serve(kind, apiVersions);
    }
    behind = Optional.of(other);
  }

  synchronized void alone() {
    behind = Optional.empty();
  }

  /** Returns what the server has whose turn it is. */
  synchronized FakeDiscovery next() {
    turn++;
    return behind.filter(_ -> turn % 2 == 0).orElse(this);
  }

  /** Returns the kind whose objects a path lists, in a version that is served. */
  synchronized Optional<Kind> kind(String path) {
    return served.keySet().stream()
        .filter(kind -> served.get(kind).stream().anyMatch(v -> kind.path(v).equals(path)))
        .findFirst();
  }

  private Stream<String> groupVersions() {
    return served.values().stream().flatMap(List::stream).filter(v -> v.contains("/")).distinct();
  }

  /** Returns the answer to a path that tells which kinds there are. */
  synchronized Optional<ObjectNode> at(String path) {
    if (path.equals("/apis")) {
      return Optional.of(groups());
    }
    return path.startsWith("/apis/") ? below(path.substring("/apis/".length())) : Optional.empty();
  }

  private ObjectNode groups() {
    var list = Json.mapper().createObjectNode();
    var groups = list.putArray("groups");
    groupVersions()
        .forEach(
            apiVersion ->
                groups
                    .addObject()
                    .putArray("versions")
                    .addObject()
                    .put("groupVersion", apiVersion));
    return list;
  }

  /** Returns a group's version, or a definition. */
  private Optional<ObjectNode> below(String path) {
    return path.startsWith(DEFINITIONS)
        ? definition(path.substring(DEFINITIONS.length()))
        : resources(path);
  }

  private Optional<ObjectNode> resources(String apiVersion) {
    if (groupVersions().noneMatch(apiVersion::equals)) {
      return Optional.empty();
    }
    var list = Json.mapper().createObjectNode();
    var resources = list.putArray("resources");
    served.forEach(
        (kind, versions) -> {
          if (versions.contains(apiVersion)) {
            resources.addObject().put("name", kind.plural());
          }
        });
    return Optional.of(list);
  }

  private Optional<ObjectNode> definition(String name) {
    var kind = Arrays.stream(Kind.values()).filter(k -> k.resource().equals(name)).findFirst();
    return kind.map(served::get).map(FakeDiscovery::definition);
  }

  private static ObjectNode definition(List<String> apiVersions) {
    var definition = Json.mapper().createObjectNode();
    var versions = definition.putObject("spec").putArray("versions");
    versions.addObject().put("name", "v0").put("served", false);
    apiVersions.forEach(
        version ->
            versions
                .addObject()
                .put("name", version.substring(version.indexOf('/') + 1))
                .put("served", true));
    return definition;
  }
}
