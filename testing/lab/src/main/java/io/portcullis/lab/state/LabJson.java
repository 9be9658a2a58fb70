package io.portcullis.lab.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portcullis.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The content of {@code lab.json}: what runs, for other programs to read.
 *
 * @param kafka the broker, as {@code host:port}
 * @param watcher the URL of the first watcher
 * @param compilers the URLs of the compilers
 * @param nodes the nodes by name
 * @param pods the pods by {@code namespace/name}
 * @param external the outside hosts by name
 * @param pids the process ids of the running programs
 * @param kubeconfig the kubeconfig of the API server, if the lab has one
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
   * @param netns its network namespace, as {@code ip netns exec} takes it
   * @param agent the URL of its agent
   * @param addresses its addresses
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
