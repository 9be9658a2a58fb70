package io.portcullis.lab.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The three services as programs of the lab. Each has an address of its own and listens there on
 * its usual ports.
 */
public final class Services {
  private static final int DUMPS = 8080;
  private static final int MANAGEMENT = 9000;

  private final Path root;
  private final Form form;
  private final Path logs;
  private final String bootstrap;

  /** The form in which a service is built. */
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
   * Finds the built services.
   *
   * @param root the project's root directory
   * @param form whether the services run on a JVM or as native images
   * @param logs the directory of their logs
   * @param bootstrap the address of Kafka
   * @throws IllegalArgumentException if a service is not built
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

  /** Returns a watcher of a directory of manifests. */
  public Program watcher(String name, String namespace, String address, Path manifests) {
    return program(
        Service.WATCHER,
        name,
        namespace,
        address,
        Map.of("PORTCULLIS_SOURCE", "manifests", "PORTCULLIS_MANIFESTS", manifests.toString()));
  }

  /** Returns a watcher of an API server. */
  public Program watcherOfCluster(String name, String namespace, String address, Path kubeconfig) {
    return program(
        Service.WATCHER,
        name,
        namespace,
        address,
        Map.of("PORTCULLIS_SOURCE", "kubernetes", "KUBECONFIG", kubeconfig.toString()));
  }

  /** Returns a compiler with these settings beside those that every service of the lab has. */
  public Program compiler(
      String name, String namespace, String address, Map<String, String> settings) {
    return program(Service.COMPILER, name, namespace, address, settings);
  }

  /**
   * Returns the agent of a node with these settings beside those that every agent of the lab has.
   *
   * @param disk the directory that stands for the node's disk
   * @param bootId the file that tells the id of the node's last boot
   */
  public Program agent(
      String name,
      String namespace,
      String address,
      String node,
      Path disk,
      Path bootId,
      Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("PORTCULLIS_NODE_NAME", node);
    all.put("PORTCULLIS_STATE", disk.toString());
    all.put("PORTCULLIS_BOOT_ID", bootId.toString());
    all.put("PORTCULLIS_CNI_RESULTS", ""); // this machine's own pods are not the lab's
    return program(Service.AGENT, name, namespace, address, all);
  }

  /** Returns the command line of a JVM with the options of an agent, for another program. */
  public static List<String> likeAnAgent(String... arguments) {
    return JavaCommand.of(Service.AGENT.heap, arguments);
  }

  /** Returns the URL of a service's dumps. */
  public static String url(String address) {
    return "http://" + address + ":" + DUMPS;
  }

  /** Returns the URL of a service's health and metrics. */
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
