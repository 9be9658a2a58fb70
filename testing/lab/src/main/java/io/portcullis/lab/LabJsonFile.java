package io.portcullis.lab;

import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.state.LabJson;
import io.portcullis.lab.state.StateDirectory;
import io.portcullis.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps the file {@code lab.json} up to date, which tells other programs what runs. */
final class LabJsonFile {
  private final StateDirectory state;
  private final Names names;
  private final LabPrograms programs;
  private Optional<LabJson> written = Optional.empty();

  LabJsonFile(StateDirectory state, Names names, LabPrograms programs) {
    this.state = state;
    this.names = names;
    this.programs = programs;
  }

  /**
   * Writes the file if its content has changed.
   *
   * @param present what the manifests say
   * @param pids the process ids of the running programs
   */
  void write(LabState present, SortedMap<String, Long> pids) {
    var content = Optional.of(content(present, pids));
    if (content.equals(written)) {
      return;
    }
    try {
      state.write(content.get());
      written = content;
    } catch (IOException e) {
      throw new UncheckedIOException("lab.json could not be written", e);
    }
  }

  private LabJson content(LabState present, SortedMap<String, Long> pids) {
    return new LabJson(
        programs.kafka(),
        programs.watcherUrl(),
        programs.compilerUrls(),
        nodes(present.topology()),
        pods(present),
        external(present.topology()),
        pids,
        programs.kubeconfig().map(Path::toString));
  }

  private TreeMap<String, LabJson.Node> nodes(Topology topology) {
    var urls = programs.agentUrls(topology);
    var nodes = new TreeMap<String, LabJson.Node>();
    topology
        .nodes()
        .forEach(
            (name, node) ->
                nodes.put(
                    name,
                    new LabJson.Node(names.node(name), urls.get(name), texts(node.addresses()))));
    return nodes;
  }

  private TreeMap<String, LabJson.Pod> pods(LabState present) {
    var pods = new TreeMap<String, LabJson.Pod>();
    present.topology().pods().forEach((name, pod) -> pods.put(name, json(pod, names.pod(name))));
    present
        .hostNetworkPods()
        .forEach((name, pod) -> pods.put(name, json(pod, names.node(pod.node()))));
    return pods;
  }

  private TreeMap<String, LabJson.Host> external(Topology topology) {
    var external = new TreeMap<String, LabJson.Host>();
    topology
        .outside()
        .forEach(
            (name, host) ->
                external.put(name, new LabJson.Host(names.outside(name), texts(host.addresses()))));
    return external;
  }

  private static LabJson.Pod json(Topology.Pod pod, String netns) {
    return new LabJson.Pod(pod.node(), netns, texts(pod.addresses()));
  }

  private static List<String> texts(List<IpAddress> addresses) {
    return addresses.stream().map(IpAddress::toString).toList();
  }
}
