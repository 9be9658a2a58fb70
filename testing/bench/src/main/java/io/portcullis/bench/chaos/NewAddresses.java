package io.portcullis.bench.chaos;

import io.portcullis.lab.network.Topology;
import io.portcullis.net.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * The addresses that pods have after a boot. No pod keeps its own; at least a third of each node's
 * pods get those that another pod of the node had before, and the others get new ones.
 */
final class NewAddresses {
  /** The lab numbers a node's pods from 2 on, within 250. */
  private static final int HOSTS = 250;

  private final Random random;
  private final Set<IpAddress> used = new HashSet<>();
  private final List<Topology.Pod> after = new ArrayList<>();

  private NewAddresses(Random random) {
    this.random = random;
  }

  /** Returns the same pods on the same nodes with other addresses. */
  static List<Topology.Pod> of(Collection<Topology.Pod> pods, Random random) {
    var choice = new NewAddresses(random);
    pods.forEach(pod -> choice.used.addAll(pod.addresses()));
    var byNode = new TreeMap<String, List<Topology.Pod>>();
    pods.forEach(pod -> byNode.computeIfAbsent(pod.node(), _ -> new ArrayList<>()).add(pod));
    byNode.values().forEach(choice::choose);
    return choice.after;
  }

  private void choose(List<Topology.Pod> ofNode) {
    Collections.shuffle(ofNode, random);
    var inherit = ofNode.size() < 2 ? 0 : (ofNode.size() + 2) / 3;
    for (var i = 0; i < ofNode.size(); i++) {
      var pod = ofNode.get(i);
      var addresses =
          i < inherit ? ofNode.get((i + 1) % ofNode.size()).addresses() : unused(pod.addresses());
      after.add(new Topology.Pod(pod.name(), pod.node(), addresses));
    }
  }

  /** Returns addresses of the same networks that no pod had, all with one host number. */
  private List<IpAddress> unused(List<IpAddress> like) {
    while (true) {
      var number = BigInteger.valueOf(random.nextInt(2, HOSTS));
      var addresses = like.stream().map(ip -> sibling(ip, number)).toList();
      if (Collections.disjoint(used, addresses)) {
        used.addAll(addresses);
        return addresses;
      }
    }
  }

  private static IpAddress sibling(IpAddress ip, BigInteger number) {
    var lastByte = BigInteger.valueOf(255);
    return new IpAddress(ip.family(), ip.value().andNot(lastByte).or(number));
  }
}
