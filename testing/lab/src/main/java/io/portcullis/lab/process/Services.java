package io.portcullis.lab.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The three services as they are built, as programs of the lab. Each has an address of its own and
 * listens there on the ports that it has anywhere.
 */
public final class Services {
  private static final int DUMPS = 8080;
  private static final int MANAGEMENT = 9000;

  private final Path root;
  private final Form form;
  private final Path logs;
  private final String bootstrap;

  /** What a service is built as. */
  public enum Form {
    JVM,
    NATIVE;

    /** Returns the form that an option {@code --native} asks for. */
    public static Form of(boolean asImages) {
      return asImages ? NATIVE : JVM;
    }
  }

  private enum Service {
    WATCHER("watcher-service", "128m"),
    COMPILER("compiler-service", "192m"),
    AGENT("enforcer-agent", "96m");

    private final String module;
    private final String heap;

    Service(String module, String heap) {
      this.module = module;
      this.heap = heap;
    }
  }

  /**
   * @param root of the project
   * @param form in which the services run
   * @param bootstrap of Kafka
   * @throws IllegalArgumentException when a service is not built
   */
  public Services(Path root, Form form, Path logs, String bootstrap) {
    this.root = root;
    this.form = form;
    this.logs = logs;
    this.bootstrap = bootstrap;
    for (var service : Service.values()) {
      if (!Files.exists(built(service))) {
        throw new IllegalArgumentException(
            "%s is not built: there is no %s".formatted(service.module, built(service)));
      }
    }
  }

  /** A watcher of a directory of manifests. */
  public Program watcher(String name, String namespace, String address, Path manifests) {
    return program(
        Service.WATCHER,
        name,
        namespace,
        address,
        Map.of("PORTCULLIS_SOURCE", "manifests", "PORTCULLIS_MANIFESTS", manifests.toString()));
  }

  /** A watcher of an API server. */
  public Program watcherOfCluster(String name, String namespace, String address, Path kubeconfig) {
    return program(
        Service.WATCHER,
        name,
        namespace,
        address,
        Map.of("PORTCULLIS_SOURCE", "kubernetes", "KUBECONFIG", kubeconfig.toString()));
  }

  /** A compiler with these settings beside those that every service of the lab has. */
  public Program compiler(
      String name, String namespace, String address, Map<String, String> settings) {
    return program(Service.COMPILER, name, namespace, address, settings);
  }

  /** The agent of a node. */
  public Program agent(String name, String namespace, String address, String node) {
    return program(Service.AGENT, name, namespace, address, Map.of("PORTCULLIS_NODE_NAME", node));
  }

  /** The command line of a JVM as an agent gets it, for another program. */
  public static List<String> likeAnAgent(String... arguments) {
    return JavaCommand.of(Service.AGENT.heap, arguments);
  }

  /** Where a service serves its dumps. */
  public static String url(String address) {
    return "http://" + address + ":" + DUMPS;
  }

  /** Where a service tells its health. */
  public static String managementUrl(String address) {
    return "http://" + address + ":" + MANAGEMENT;
  }

  private Program program(
      Service service,
      String name,
      String namespace,
      String address,
      Map<String, String> settings) {
    var environment = new HashMap<>(settings);
    environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrap);
    environment.put("QUARKUS_HTTP_HOST", address);
    environment.put("QUARKUS_MANAGEMENT_HOST", address);
    return new Program(
        name,
        namespace,
        command(service),
        environment,
        logs.resolve(name + ".log"),
        Program.Preparation.NONE);
  }

  private List<String> command(Service service) {
    var program = built(service).toString();
    return switch (form) {
      case JVM -> JavaCommand.of(service.heap, "-jar", program);
      case NATIVE -> List.of(program, "-Xmx" + service.heap, "-Xmn4m");
    };
  }

  private Path built(Service service) {
    var target = root.resolve(service.module).resolve("target");
    return switch (form) {
      case JVM -> target.resolve("quarkus-app").resolve("quarkus-run.jar");
      case NATIVE -> target.resolve("native").resolve(service.module + "-runner");
    };
  }
}
