package io.portcullis.lab.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portcullis.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What runs, for other programs to read.
 *
 * @param kafka {@code host:port}
 * @param watcher URL of the first watcher
 * @param compilers their URLs
 * @param pods by {@code namespace/name}
 * @param external the outside hosts
 * @param pids of what runs at the moment
 * @param kubeconfig of the API server, where the lab has one
 */
public record LabJson(
    String kafka,
    String watcher,
    List<String> compilers,
    SortedMap<String, Node> nodes,
    SortedMap<String, Pod> pods,
    SortedMap<String, Host> external,
    SortedMap<String, Long> pids,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> kubeconfig) {

  /**
   * A node.
   *
   * @param netns that {@code ip netns exec} takes
   * @param agent URL of its agent
   */
  public record Node(String netns, String agent, List<String> addresses) {}

  /** A pod that has an address. */
  public record Pod(String node, String netns, List<String> ips) {}

  /** A host outside of the cluster. */
  public record Host(String netns, List<String> ips) {}

  byte[] bytes() {
    return Json.bytes(this);
  }
}
