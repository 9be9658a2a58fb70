package io.portcullis.lab;

import io.portcullis.cluster.Origin;
import io.portcullis.lab.kubernetes.ControlPlane;
import io.portcullis.lab.kubernetes.LabCluster;
import io.portcullis.lab.kubernetes.ServerBinaries;
import io.portcullis.lab.manifests.ManifestMirror;
import io.portcullis.lab.manifests.ObjectsInForce;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.ManagementNetwork;
import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.observe.Endpoints;
import io.portcullis.lab.process.Supervisor;
import io.portcullis.lab.state.LiveLab;
import io.portcullis.lab.state.StateDirectory;
import io.portcullis.sighting.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all parts of a running lab.
 *
 * <pre>
 *   starting --each node holds its version--> running --close, also while starting--> closed
 * </pre>
 *
 * Whatever was begun is taken down in the opposite order, by whoever closes first: the command at
 * its end, or the shutdown hook after a signal.
 */
public final class Lab implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lab.class);

  private final LabOptions options;

  /** Tells whether the manifests are a directory, even while that directory is missing. */
  private final boolean inDirectory;

  private final Names names = Names.random();
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final Thread hook = new Thread(this::takeDown, "lab-shutdown");
  private final Object telling = new Object();
  private volatile boolean closed;

  private StateDirectory state;
  private LabNetwork network;
  private ManagementNetwork management;
  private Supervisor supervisor;
  private Endpoints endpoints;
  private LabPrograms programs;
  private LabJsonFile labJsonFile;
  private ManifestFollower manifests;
  private Optional<LabCluster> cluster = Optional.empty();

  private volatile boolean running;
  private Optional<Enforcement> lastLook = Optional.empty();

  private Lab(LabOptions options) {
    this.options = options;
    this.inDirectory = Files.isDirectory(options.manifests());
  }

  /**
   * Starts the lab; returns before the nodes have their first version.
   *
   * @param options which lab to start
   * @param events receives what happens to the programs, on the supervisor's thread
   */
  public static Lab start(LabOptions options, Consumer<Supervisor.Event> events)
      throws IOException {
    var lab = new Lab(options);
    Runtime.getRuntime().addShutdownHook(lab.hook);
    try {
      lab.begin(events);
      return lab;
    } catch (IOException | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  private void begin(Consumer<Supervisor.Event> events) throws IOException {
    LabRoot.requireIpv6();
    state = own(StateDirectory.open(options.state()));
    LiveLab.clearDead(LiveLab.REGISTRY, LabNetwork::clear)
        .forEach(id -> LOG.warn("removed what the dead lab {} had left", id));
    own(LiveLab.enter(LiveLab.REGISTRY, names));
    network = own(new LabNetwork(names));
    management = network.open();
    programs = new LabPrograms(options, state, names, network, management);
    labJsonFile = new LabJsonFile(state, names, programs);
    supervisor =
        own(
            new Supervisor(
                event -> {
                  events.accept(event);
                  tell();
                }));
    endpoints = own(new Endpoints());
    var followed = options.kubernetes() ? startCluster() : root();
    manifests =
        own(
            new ManifestFollower(
                new ManifestMirror(followed, state.manifests(), state.temporary()),
                new ObjectsInForce(state.manifests(), ManifestFollower.GRACE),
                network,
                supervisor,
                programs::of,
                this::changed));
    cluster.ifPresent(running -> running.run(this::places));
  }

  /**
   * Starts the API server and applies the manifests to it.
   *
   * @return the directory of the manifest that mirrors the server's objects
   */
  private Path startCluster() throws IOException {
    try {
      var binaries = ServerBinaries.get(options.root(), LOG::warn);
      var plane = new ControlPlane(state.kubernetes(), binaries, management.apiServer());
      programs.follow(plane);
      supervisor.keep(programs.ofApiServer(plane));
      var opened =
          LabCluster.open(plane, options.root(), root(), state.objects(), state.temporary());
      cluster = Optional.of(own(opened));
      return state.objects();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the API server started", e);
    }
  }

  /** Returns where pods run, including pods on their node's own network. */
  private Map<String, Topology.Pod> places() {
    var present = manifests.state();
    var places = new TreeMap<>(present.topology().pods());
    places.putAll(present.hostNetworkPods());
    return places;
  }

  private void changed() {
    cluster.ifPresent(LabCluster::look);
    tell();
  }

  private synchronized <T extends AutoCloseable> T own(T part) {
    owned.push(part);
    if (closed) {
      takeDown();
      throw new IllegalStateException("the lab is shutting down");
    }
    return part;
  }

  /** Returns the path of the manifests; manifests from standard input are saved to a file first. */
  private Path root() throws IOException {
    if (!options.fromStandardInput()) {
      return options.manifests().toAbsolutePath();
    }
    var file = state.input().resolve("stdin.yaml");
    Files.copy(System.in, file);
    return file;
  }

  public Names names() {
    return names;
  }

  public Path logs() {
    return state.logs();
  }

  /** Returns the resident memory of each program, a line each. */
  List<String> resident() {
    var lines = new ArrayList<String>();
    supervisor
        .pids()
        .forEach((name, pid) -> lines.add("resident." + name + " " + ResidentMemory.of(pid)));
    return lines;
  }

  Path labJson() {
    return state.labJson();
  }

  public String kafka() {
    return programs.kafka();
  }

  /** Returns the process ids of the running programs, by program. */
  public SortedMap<String, Long> pids() {
    return supervisor.pids();
  }

  /** Returns what the manifests say, as far as the lab has followed them. */
  public LabState state() {
    return manifests.state();
  }

  /** Returns the directory of the manifests that the watchers read. */
  public Path derivedManifests() {
    return state.manifests();
  }

  /** Returns the directory that stands for the disk of a node. */
  public Path disk(String node) {
    return state.node(node);
  }

  /** Returns what cuts the power of the lab's machines. */
  public Power power() {
    return new Power(supervisor, state, manifests);
  }

  /** Returns the kubeconfig of the API server, if the lab has one. */
  Optional<Path> kubeconfig() {
    return programs.kubeconfig();
  }

  /** Returns the API server with its objects, if the lab has one. */
  public Optional<LabCluster> cluster() {
    return cluster;
  }

  /** Returns the objects that the API server refused, a line each. */
  List<String> refused() {
    return cluster.map(LabCluster::refused).orElse(List.of());
  }

  String watcherUrl() {
    return programs.watcherUrl();
  }

  public List<String> compilerUrls() {
    return programs.compilerUrls();
  }

  /** Returns the URLs of the agents' dumps, by node. */
  public SortedMap<String, String> agentUrls() {
    return programs.agentUrls(state().topology());
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  /** Returns the problems of these manifests, each with the file as its author knows it. */
  List<Problem> problems(LabState of) {
    return of.problems().stream().map(problem -> problem.inFile(file(problem.file()))).toList();
  }

  private String file(String name) {
    if (options.kubernetes()) {
      return Origin.API;
    }
    var given = options.manifests();
    return inDirectory ? given.resolve(name).toString() : given.toString();
  }

  /**
   * Compares what the nodes enforce with what the manifests say. Only one thread may call this at a
   * time.
   */
  public Enforcement enforcement() {
    var present = manifests.state();
    var digests =
        lastLook
            .filter(last -> last.state() == present)
            .map(Enforcement::digests)
            .orElseGet(present::digests);
    var enforcement =
        new Enforcement(
            present, digests, endpoints.nodes(programs.agentManagementUrls(present.topology())));
    lastLook = Optional.of(enforcement);
    return enforcement;
  }

  /**
   * Waits until each node enforces what the manifests say at that time.
   *
   * @return the last comparison, converged or not
   */
  public Enforcement awaitConverged(Duration atMost, Duration betweenLooks)
      throws InterruptedException {
    var until = System.nanoTime() + atMost.toNanos();
    var enforcement = enforcement();
    while (!(enforcement.converged() && enforcement.state() == manifests.state())
        && System.nanoTime() < until) {
      TimeUnit.NANOSECONDS.sleep(betweenLooks.toNanos());
      enforcement = enforcement();
    }
    return enforcement;
  }

  /** Marks the lab as running: from now on {@code lab.json} says what runs. */
  public void running() {
    running = true;
    tell();
  }

  private void tell() {
    synchronized (
        telling) { // not the lab's own monitor: it is held while the lab waits for threads
      if (running && !closed) {
        labJsonFile.write(state(), pids());
      }
    }
  }

  boolean closed() {
    return closed;
  }

  @Override
  public void close() {
    takeDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      return; // the JVM is shutting down: the hook has run or is running
    }
  }

  private synchronized void takeDown() {
    closed = true;
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        LOG.error("the lab could not be removed completely", e);
      }
    }
  }
}
