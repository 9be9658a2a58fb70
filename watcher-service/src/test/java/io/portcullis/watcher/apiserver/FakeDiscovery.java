package io.portcullis.watcher.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.json.Json;
import io.portcullis.validation.Kind;
import java.util.Set;

/** What the fake API server says of the kinds that it serves. */
final class FakeDiscovery {
  private FakeDiscovery() {}

  /** Returns the answer to {@code /apis}. */
  static ObjectNode groups(Set<Kind> served) {
    var list = Json.mapper().createObjectNode();
    var groups = list.putArray("groups");
    served.stream()
        .map(Kind::apiVersion)
        .filter(apiVersion -> apiVersion.contains("/"))
        .distinct()
        .forEach(
            apiVersion ->
                groups
                    .addObject()
                    .putArray("versions")
                    .addObject()
                    .put("groupVersion", apiVersion));
    return list;
  }

  /** Returns the answer to {@code /apis/GROUP/VERSION}. */
  static ObjectNode resources(Set<Kind> served, String apiVersion) {
    var list = Json.mapper().createObjectNode();
    var resources = list.putArray("resources");
    served.stream()
        .filter(kind -> kind.apiVersion().equals(apiVersion))
        .forEach(kind -> resources.addObject().put("name", kind.plural()));
    return list;
  }
}
