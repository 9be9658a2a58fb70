package io.portcullis.lab;

import io.portcullis.cli.PodRemarks;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.lab.manifests.ManifestMirror;
import io.portcullis.lab.manifests.ObjectsInForce;
import io.portcullis.lab.network.LabNetwork;
import io.portcullis.lab.network.NetworkException;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.process.Program;
import io.portcullis.lab.process.Supervisor;
import io.portcullis.policy.state.Cluster;
import io.portcullis.sighting.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps the derived manifests, the network and the agents equal to the user's files. Only its
 * thread changes them; what the files say is a {@link LabState}.
 *
 * <pre>
 *   waiting --a file changed--> derive --> read --> network --> agents --> waiting
 *      ^                                    |
 *      +------ something may only be hidden by a save: read again soon ------+
 * </pre>
 */
final class ManifestFollower implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration SECOND_LOOK = Duration.ofMillis(20);
  private static final Duration RETRY = Duration.ofMillis(250);

  /** The time that the watcher waits before it takes a missing object for deleted. */
  static final Duration GRACE = Duration.ofMillis(100);

  private final ManifestMirror mirror;
  private final ObjectsInForce objects;
  private final LabNetwork network;
  private final Supervisor supervisor;
  private final Function<Topology, Collection<Program>> programs;
  private final Runnable changed;
  private final Thread thread;
  private volatile LabState state =
      new LabState(
          0, List.of(), Topology.of(List.of(), List.of(), List.of()), List.of(), List.of());
  private volatile List<Topology.Pod> moved = List.of();
  private volatile boolean closed;
  private boolean pending;

  /**
   * Reads the manifests and creates all that they need; then follows them.
   *
   * @param mirror the derived manifests
   * @param objects the objects in force
   * @param network the lab's namespaces
   * @param supervisor runs the agents
   * @param programs returns the programs that should run in a topology
   * @param changed is called after each new state, on this follower's thread
   */
  ManifestFollower(
      ManifestMirror mirror,
      ObjectsInForce objects,
      LabNetwork network,
      Supervisor supervisor,
      Function<Topology, Collection<Program>> programs,
      Runnable changed)
      throws IOException {
    this.mirror = mirror;
    this.objects = objects;
    this.network = network;
    this.supervisor = supervisor;
    this.programs = programs;
    this.changed = changed;
    follow();
    this.thread = Thread.ofPlatform().name("lab-manifests").daemon().start(this::run);
  }

  LabState state() {
    return state;
  }

  /** Gives these pods other addresses than the objects say, soon. */
  void move(List<Topology.Pod> pods) {
    moved = List.copyOf(pods);
  }

  private void run() {
    while (!closed) {
      try {
        var changed = mirror.await(untilNextLook());
        if (changed || pending || !mirror.whole() || !state.topology().equals(wanted())) {
          follow();
        }
      } catch (InterruptedException _) {
        return;
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          failed(e);
        }
      }
    }
  }

  private Duration untilNextLook() {
    if (pending) {
      return SECOND_LOOK;
    }
    return mirror.whole() ? IDLE : RETRY;
  }

  private void follow() throws IOException {
    var failures = new ArrayList<>(mirror.sync());
    pending = !mirror.lost() && objects.read(Instant.now());
    var wanted = wanted();
    if (!wanted.equals(state.topology()) || state.change() == 0 || !state.failures().isEmpty()) {
      become(wanted, failures);
    }
    publish(List.copyOf(objects.objects()), wanted, problems(), failures);
  }

  private Topology wanted() {
    return LabState.topology(objects.objects()).with(moved);
  }

  /**
   * Returns the problems of the objects, including pods for which less is enforced than their
   * author may expect.
   */
  private List<Problem> problems() {
    var remarks = PodRemarks.of(new Cluster(objects.objects()));
    return Stream.concat(objects.problems().stream(), remarks.stream()).sorted().toList();
  }

  private void become(Topology wanted, List<String> failures) {
    supervisor.stop(agentsToRestart(wanted)); // their namespace is about to be removed
    try {
      network
          .become(wanted)
          .forEach((pod, reason) -> failures.add("pod " + pod + ": " + reason.getMessage()));
    } catch (NetworkException | IllegalArgumentException e) {
      failures.add(e.getMessage());
    }
    supervisor.keep(programs.apply(wanted));
  }

  private List<String> agentsToRestart(Topology wanted) {
    return state.topology().nodes().entrySet().stream()
        .filter(node -> !node.getValue().equals(wanted.nodes().get(node.getKey())))
        .map(node -> LabPrograms.agentName(node.getKey()))
        .toList();
  }

  private void failed(Exception e) {
    publish(
        state.objects(),
        state.topology(),
        state.problems(),
        List.of("the manifests could not be read: " + e.getMessage()));
  }

  private void publish(
      List<ClusterObject> present,
      Topology topology,
      List<Problem> problems,
      List<String> failures) {
    var before = state;
    if (!new LabState(before.change(), present, topology, problems, failures).equals(before)) {
      state = new LabState(before.change() + 1, present, topology, problems, failures);
      changed.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    mirror.close();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
