package io.portcullis.lab;

import io.portcullis.lab.kubernetes.ControlPlane;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.ManagementNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.process.Broker;
import io.portcullis.lab.process.Program;
import io.portcullis.lab.process.Services;
import io.portcullis.lab.state.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Decides which programs a lab runs for a topology, and at which addresses they answer. */
final class LabPrograms {
  private final LabOptions options;
  private final StateDirectory state;
  private final Names names;
  private final LabNetwork network;
  private final ManagementNetwork management;
  private final Broker broker;
  private final Services services;
  private Optional<ControlPlane> controlPlane = Optional.empty();

  LabPrograms(
      LabOptions options,
      StateDirectory state,
      Names names,
      LabNetwork network,
      ManagementNetwork management) {
    this.options = options;
    this.state = state;
    this.names = names;
    this.network = network;
    this.management = management;
    this.broker = new Broker(state.kafka(), management.kafka());
    this.services = new Services(options.root(), options.form(), state.logs(), broker.bootstrap());
  }

  /** Makes the watchers follow this API server, and adds its programs to the lab's. */
  void follow(ControlPlane plane) {
    controlPlane = Optional.of(plane);
  }

  /** Returns the programs of the API server alone. */
  List<Program> ofApiServer(ControlPlane plane) {
    return List.copyOf(plane.programs(names.management(), state.logs()));
  }

  /** Returns all programs that run in this topology. */
  Collection<Program> of(Topology topology) {
    var programs = new ArrayList<Program>();
    programs.add(broker.program(names.management(), state.logs().resolve(Broker.NAME + ".log")));
    controlPlane.ifPresent(plane -> programs.addAll(ofApiServer(plane)));
    IntStream.range(0, options.watchers()).mapToObj(this::watcher).forEach(programs::add);
    IntStream.range(0, options.compilers()).mapToObj(this::compiler).forEach(programs::add);
    topology.nodes().keySet().stream().map(this::agent).forEach(programs::add);
    return programs;
  }

  private Program watcher(int index) {
    var name = "watcher-" + index;
    var address = management.watcher(index);
    return controlPlane
        .map(
            plane ->
                services.watcherOfCluster(
                    name, names.management(), address, plane.watcherKubeconfig()))
        .orElseGet(() -> services.watcher(name, names.management(), address, state.manifests()));
  }

  private Program compiler(int index) {
    return services.compiler(
        "compiler-" + index, names.management(), management.compiler(index), options.ofCompilers());
  }

  private Program agent(String node) {
    return services.agent(
        agentName(node),
        names.node(node),
        network.nodeAddress(node),
        node,
        state.node(node),
        bootId(node),
        options.ofAgents());
  }

  private Path bootId(String node) {
    var file = state.bootId(node);
    if (!Files.exists(file)) {
      try {
        state.boot(node);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return file;
  }

  /** Returns the program name of a node's agent. */
  static String agentName(String node) {
    return "agent-" + node;
  }

  /** Returns the address of the broker, as {@code host:port}. */
  String kafka() {
    return broker.bootstrap();
  }

  /** Returns the URL of the first watcher. */
  String watcherUrl() {
    return Services.url(management.watcher(0));
  }

  /** Returns the URLs of the compilers. */
  List<String> compilerUrls() {
    return IntStream.range(0, options.compilers())
        .mapToObj(index -> Services.url(management.compiler(index)))
        .toList();
  }

  /** Returns the URLs of the agents' dumps, by node. */
  SortedMap<String, String> agentUrls(Topology topology) {
    return ofNodes(topology, node -> Services.url(network.nodeAddress(node)));
  }

  /** Returns the URLs of the agents' health and metrics, by node. */
  SortedMap<String, String> agentManagementUrls(Topology topology) {
    return ofNodes(topology, node -> Services.managementUrl(network.nodeAddress(node)));
  }

  /** Returns the kubeconfig of the API server's administrator, if the lab has an API server. */
  Optional<Path> kubeconfig() {
    return controlPlane.map(ControlPlane::kubeconfig);
  }

  private static SortedMap<String, String> ofNodes(
      Topology topology, Function<String, String> url) {
    var urls = new TreeMap<String, String>();
    topology.nodes().keySet().forEach(node -> urls.put(node, url.apply(node)));
    return urls;
  }
}
