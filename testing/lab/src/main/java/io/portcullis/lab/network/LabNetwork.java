package io.portcullis.lab.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Owns the namespaces of one lab: builds them, keeps them equal to a wanted topology, and removes
 * them. After {@link #close} it builds nothing more.
 */
public final class LabNetwork implements AutoCloseable {
  private final Names names;
  private final Map<String, Integer> nodeIndexes = new HashMap<>();
  private Optional<ManagementNetwork> management = Optional.empty();
  private Topology present = Topology.of(List.of(), List.of(), List.of());
  private boolean closed;

  public LabNetwork(Names names) {
    this.names = names;
  }

  /** Creates the fabric and the management network, in an address block that no other lab uses. */
  public synchronized ManagementNetwork open() {
    requireOpen();
    addNamespaces(Stream.of(names.management()), Sysctls.all());
    addNamespaces(Stream.of(names.fabric()), Sysctls.router());
    var failures = new ArrayList<NetworkException>();
    var first = Math.floorMod(names.id().hashCode(), ManagementNetwork.BLOCKS);
    for (var i = 0; i < ManagementNetwork.BLOCKS; i++) {
      var candidate = new ManagementNetwork((first + i) % ManagementNetwork.BLOCKS);
      var plan = new Plan(names, candidate);
      try {
        Ip.run(plan.takeBlock());
      } catch (NetworkException e) {
        failures.add(e);
        continue;
      }
      management = Optional.of(candidate);
      Ip.run(plan.base());
      return candidate;
    }
    throw failures.getFirst();
  }

  /**
   * Makes the namespaces equal to the wanted topology: what changed is removed and created anew.
   *
   * @param wanted the topology
   * @return the pods that could not be created, with the reason; everything else exists
   * @throws NetworkException if a node or an outside host cannot be created; then nothing of the
   *     difference exists
   */
  public synchronized Map<String, NetworkException> become(Topology wanted) {
    requireOpen();
    var plan = plan();
    var difference = Difference.between(present, wanted);
    remove(plan, difference.removed());
    present = wanted;
    try {
      addNodesAndHosts(plan, difference.added());
    } catch (NetworkException e) {
      undo(plan, difference.added());
      throw e;
    }
    var failed = addPods(plan, difference.added().pods().values());
    var notMade = failed.keySet().stream().map(wanted.pods()::get).toList();
    present = wanted.without(Topology.of(List.of(), notMade, List.of()));
    return failed;
  }

  private void addNodesAndHosts(Plan plan, Topology added) {
    addNamespaces(added.nodes().keySet().stream().map(names::node), Sysctls.router());
    addNamespaces(added.outside().keySet().stream().map(names::outside), Sysctls.all());
    addNamespaces(added.pods().keySet().stream().map(names::pod), Sysctls.all());
    var base = new ArrayList<Plan.Batch>();
    added.nodes().values().forEach(node -> base.addAll(plan.add(node, index(node.name()))));
    added.outside().values().forEach(host -> base.addAll(plan.add(host)));
    Ip.run(merged(base));
  }

  /** Removes what exists in part, so that the next attempt creates it anew. */
  private void undo(Plan plan, Topology added) {
    remove(plan, added);
    present = present.without(added);
  }

  /**
   * Creates all pods at once. If that fails, it creates them one by one, so that a bad pod harms
   * only itself.
   */
  private Map<String, NetworkException> addPods(Plan plan, Collection<Topology.Pod> pods) {
    try {
      var batches = new ArrayList<Plan.Batch>();
      pods.forEach(pod -> batches.addAll(add(plan, pod)));
      Ip.run(merged(batches));
      return Map.of();
    } catch (NetworkException e) {
      var failed = new LinkedHashMap<String, NetworkException>();
      for (var pod : pods) {
        Ip.runAll(plan.remove(pod));
        try {
          Ip.run(add(plan, pod));
        } catch (NetworkException reason) {
          failed.put(pod.name(), reason);
        }
      }
      return failed;
    }
  }

  private List<Plan.Batch> add(Plan plan, Topology.Pod pod) {
    var node =
        Optional.ofNullable(present.nodes().get(pod.node()))
            .orElseThrow(() -> new NetworkException("the lab has no node " + pod.node()));
    return plan.add(pod, node);
  }

  private void remove(Plan plan, Topology gone) {
    var batches = new ArrayList<Plan.Batch>();
    gone.pods().values().forEach(pod -> batches.addAll(plan.remove(pod)));
    gone.nodes().values().forEach(node -> batches.addAll(plan.remove(node)));
    gone.outside().values().forEach(host -> batches.addAll(plan.remove(host)));
    Ip.runAll(merged(batches)); // people may have removed some of it by hand already
    deleteNamespaces(
        Stream.of(
                gone.pods().keySet().stream().map(names::pod),
                gone.nodes().keySet().stream().map(names::node),
                gone.outside().keySet().stream().map(names::outside))
            .flatMap(all -> all)
            .toList());
    gone.nodes().keySet().forEach(nodeIndexes::remove);
  }

  /** Returns the address that the agent of that node listens on. */
  public synchronized String nodeAddress(String node) {
    return management.orElseThrow().node(index(node));
  }

  private int index(String node) {
    return nodeIndexes.computeIfAbsent(
        node,
        _ -> {
          var free = 0;
          while (nodeIndexes.containsValue(free)) {
            free++;
          }
          return free;
        });
  }

  private Plan plan() {
    return new Plan(
        names, management.orElseThrow(() -> new IllegalStateException("the network is not open")));
  }

  private void requireOpen() {
    if (closed) {
      throw new NetworkException("the lab is shutting down");
    }
  }

  private void addNamespaces(Stream<String> wanted, Map<String, String> settings) {
    var list = wanted.toList();
    Ip.run(List.of(here(list, "netns add ")));
    Sysctls.write(list, settings);
  }

  private static void deleteNamespaces(Collection<String> list) {
    Ip.runAll(List.of(here(list, "netns delete ")));
  }

  private static Plan.Batch here(Collection<String> list, String command) {
    return new Plan.Batch(Plan.Batch.HERE, list.stream().map(name -> command + name).toList());
  }

  /**
   * Merges the batches into one for each namespace. Links come first, since the other commands use
   * them.
   */
  private static List<Plan.Batch> merged(List<Plan.Batch> batches) {
    var lines = new LinkedHashMap<String, List<String>>();
    lines.put(Plan.Batch.HERE, new ArrayList<>());
    for (var batch : batches) {
      lines.computeIfAbsent(batch.namespace(), _ -> new ArrayList<>()).addAll(batch.lines());
    }
    return lines.entrySet().stream()
        .map(entry -> new Plan.Batch(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public synchronized void close() {
    closed = true;
    management.ifPresent(block -> Ip.runAll(new Plan(names, block).releaseBlock()));
    clear(names);
  }

  /**
   * Removes every namespace of the lab with these names, even one that crashed.
   *
   * @throws NetworkException if some still exist
   */
  public static void clear(Names names) {
    deleteNamespaces(Ip.namespaces(names.prefix()));
    var left = Ip.namespaces(names.prefix());
    if (!left.isEmpty()) {
      throw new NetworkException("cannot remove the namespaces " + String.join(", ", left));
    }
  }
}
