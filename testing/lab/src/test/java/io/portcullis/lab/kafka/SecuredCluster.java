package io.portcullis.lab.kafka;

import static org.awaitility.Awaitility.await;

import io.portcullis.lab.network.NamespaceThreads;
import io.portcullis.lab.state.FileTree;
import io.portcullis.lab.state.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * Watcher, compiler and the agents of two nodes, with brokers that allow each exactly what acls.txt
 * lists. The first node's agent uses a password, in a file; the second's uses a certificate.
 */
final class SecuredCluster implements AutoCloseable {
  static final String WATCHER = "portcullis-watcher";
  static final String COMPILER = "portcullis-compiler";
  static final String FIRST_AGENT = "portcullis-agent-node-1";
  static final String SECOND_AGENT = "CN=portcullis-agent-node-2";
  static final String THIRD_AGENT = "portcullis-agent-node-3";
  private static final int NODES = 3;

  private final Path folder;
  private final ClusterNetwork network;
  private final Certificates certificates = new Certificates("brokers' authority");
  private final Map<String, String> passwords = new HashMap<>();
  private final List<RunningService> services = new ArrayList<>();
  private final SecuredBrokers brokers;
  private final Grants grants;
  private final RunningService watcher;
  private final RunningService compiler;
  private int port = 20_000;

  /** Starts the cluster; the calling thread must be in the hub of the network. */
  SecuredCluster(Path folder, ClusterNetwork network) throws Exception {
    this.folder = folder;
    this.network = network;
    for (var user : List.of(SecuredBrokers.ADMIN, WATCHER, COMPILER, FIRST_AGENT, THIRD_AGENT)) {
      passwords.put(user, "secret-" + UUID.randomUUID());
    }
    brokers =
        new SecuredBrokers(
            folder.resolve("brokers"), network.hub(), ClusterNetwork.HUB, certificates, passwords);
    grants = new Grants(folder, brokers.user(SecuredBrokers.ADMIN));
    Files.createDirectories(folder.resolve("manifests"));
    save("cluster.yaml", CLUSTER);
    save(THIRD_NODE_FILE, THIRD_NODE);
    grants.run("watcher");
    watcher =
        service(
            "watcher-service",
            network.hub(),
            "127.0.0.1",
            brokers.user(WATCHER),
            Map.of(
                "PORTCULLIS_SOURCE",
                "manifests",
                "PORTCULLIS_MANIFESTS",
                folder.resolve("manifests").toString()));
    grants.run("compiler");
    compiler = compiler("127.0.0.2", brokers.user(COMPILER));
    grants.run("agent", "node-1");
    agentByFile(1, brokers.user(FIRST_AGENT));
    grants.run("--principal", SECOND_AGENT, "agent", "node-2");
    agent(2, certificateOf("portcullis-agent-node-2"));
    grants.run("agent", "node-3");
  }

  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: node-1}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: node-2}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec: {nodeName: node-1}
      status: {phase: Running, podIPs: [{ip: 10.77.1.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop}
      spec: {nodeName: node-2}
      status: {phase: Running, podIPs: [{ip: 10.77.2.2}]}
      """;

  private static final String THIRD_NODE_FILE = "node-3.yaml";
  private static final String THIRD_NODE =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: node-3}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: batch, namespace: shop}
      spec: {nodeName: node-3}
      status: {phase: Running, podIPs: [{ip: 10.77.3.2}]}
      """;

  SecuredBrokers brokers() {
    return brokers;
  }

  Grants grants() {
    return grants;
  }

  RunningService watcher() {
    return watcher;
  }

  RunningService compiler() {
    return compiler;
  }

  /** Returns all services that were started and not closed. */
  List<RunningService> services() {
    return List.copyOf(services);
  }

  /** Returns all texts that no log or endpoint may show. */
  List<String> secrets() {
    return List.copyOf(passwords.values());
  }

  String password(String user) {
    return passwords.get(user);
  }

  RunningService compiler(String address, Map<String, String> kafka) throws IOException {
    return service(
        "compiler-service",
        network.hub(),
        address,
        kafka,
        Map.of("PORTCULLIS_WIDE_SETS_FEWEST_NODES", "2", "PORTCULLIS_NODE_TOPICS_GRACE", "1s"));
  }

  /** Starts the agent of a node with these Kafka settings. */
  RunningService agent(int node, Map<String, String> kafka) throws IOException {
    return service(
        "enforcer-agent",
        network.node(node),
        network.address(node),
        kafka,
        Map.of("PORTCULLIS_NODE_NAME", "node-" + node, "PORTCULLIS_STATE", state(node)));
  }

  /** Starts the agent of a node with its login in a file, as a secret for all nodes has it. */
  private void agentByFile(int node, Map<String, String> kafka) throws IOException {
    var others = new HashMap<>(kafka);
    var login = others.remove("sasl.jaas.config");
    var file = folder.resolve("node-" + node + ".properties");
    Files.writeString(file, "kafka.sasl.jaas.config=" + login + "\n");
    service(
        "enforcer-agent",
        network.node(node),
        network.address(node),
        others,
        Map.of(
            "PORTCULLIS_NODE_NAME",
            "node-" + node,
            "PORTCULLIS_STATE",
            state(node),
            "QUARKUS_CONFIG_LOCATIONS",
            file.toString()));
  }

  private String state(int node) {
    return folder.resolve("state-" + node).toString();
  }

  /** Returns one of the two agents that run from the beginning. */
  RunningService agent(int node) {
    return services.get(1 + node);
  }

  private RunningService service(
      String module,
      String namespace,
      String address,
      Map<String, String> kafka,
      Map<String, String> settings)
      throws IOException {
    var log = folder.resolve(services.size() + "-" + module + ".log");
    var service = new RunningService(module, namespace, address, kafka, settings, log);
    services.add(service);
    return service;
  }

  /** Returns the client settings for a certificate with that name. */
  private Map<String, String> certificateOf(String name) {
    var shown = certificates.issue(name, ClusterNetwork.HUB);
    passwords.put(name, shown.key().lines().skip(1).findFirst().orElseThrow());
    return Map.of(
        "bootstrap.servers",
        brokers.forCertificates(),
        "security.protocol",
        "SSL",
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        folder.resolve("brokers").resolve("trusted.pem").toString(),
        "ssl.keystore.type",
        "PEM",
        "ssl.keystore.certificate.chain",
        shown.certificate(),
        "ssl.keystore.key",
        shown.key());
  }

  /** Removes the third node from the cluster for good. */
  void removeThirdNode() throws IOException {
    Files.delete(folder.resolve("manifests").resolve(THIRD_NODE_FILE));
  }

  /** Changes a policy. Every node's rule set changes with it, and all need the same set. */
  int changePolicy() throws IOException {
    port++;
    save(
        "policy.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: test, namespace: shop}
        spec:
          podSelector: {}
          ingress: [{from: [{podSelector: {}}], ports: [{port: %d}]}]
        """
            .formatted(port));
    return port;
  }

  private void save(String name, String text) throws IOException {
    WholeFile.write(folder.resolve("manifests").resolve(name), folder.resolve(name), text);
  }

  boolean isEnforced(int node, int port) {
    return network.table(node).contains("dport " + port);
  }

  /** Checks that a changed policy reaches the kernels of these nodes. */
  void changesAreEnforced(int... nodes) throws IOException {
    var changed = changePolicy();
    for (var node : nodes) {
      await().until(() -> isEnforced(node, changed));
    }
  }

  /** Runs the work, and all threads that it starts, in a network namespace. */
  static <T> T inside(String namespace, Callable<T> work) throws Exception {
    try {
      return NamespaceThreads.call(
          "inside",
          () -> {
            NamespaceThreads.enter(namespace);
            return work.call();
          });
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        default -> throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    services.forEach(RunningService::close);
    brokers.close();
    FileTree.delete(folder);
  }
}
