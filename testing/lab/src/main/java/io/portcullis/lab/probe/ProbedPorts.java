package io.portcullis.lab.probe;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.Direction;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.PortRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Chooses the ports to probe: all that the objects name, and one that none names. */
public final class ProbedPorts {
  private static final int FIRST_UNNAMED = 7777;

  private ProbedPorts() {}

  /**
   * Returns both ends of each range (N8), the numbers behind names (N9), and one port outside of
   * all.
   */
  public static SortedSet<Integer> of(Collection<? extends ClusterObject> objects) {
    var ranges = new ArrayList<PortRange>();
    var ports = new TreeSet<Integer>();
    for (var object : objects) {
      switch (object) {
        case NetworkPolicy policy -> specs(policy::rules).forEach(spec -> add(spec, ranges));
        case TieredPolicy policy ->
            specs(direction -> policy.rules(direction).stream().map(TieredRule::match).toList())
                .forEach(spec -> add(spec, ranges));
        case Pod pod -> pod.ports().forEach(port -> ports.add(port.number()));
        case ClusterObject.Namespace _, ClusterObject.Node _ -> {}
      }
    }
    for (var range : ranges) {
      ports.add(range.first());
      ports.add(range.last());
    }
    ports.add(unnamed(ranges, ports));
    return ports;
  }

  private static void add(PortSpec spec, Collection<PortRange> ranges) {
    switch (spec) {
      case PortSpec.Numbered(var range) -> {
        if (!range.isAll()) {
          ranges.add(range);
        }
      }
      case PortSpec.Named _ -> {} // N9: the pods that have the name carry the number
    }
  }

  private static int unnamed(List<PortRange> ranges, SortedSet<Integer> named) {
    var port = FIRST_UNNAMED;
    while (port > 1 && (named.contains(port) || within(ranges, port))) {
      port--;
    }
    return port;
  }

  private static boolean within(List<PortRange> ranges, int port) {
    return ranges.stream().anyMatch(range -> range.first() <= port && port <= range.last());
  }

  private static Stream<PortSpec> specs(Function<Direction, List<PolicyRule>> rules) {
    return Stream.of(Direction.values())
        .flatMap(direction -> rules.apply(direction).stream())
        .map(PolicyRule::ports)
        .flatMap(ports -> ports.stream().flatMap(Collection::stream));
  }
}
