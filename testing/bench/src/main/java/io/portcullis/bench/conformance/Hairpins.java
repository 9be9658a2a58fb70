package io.portcullis.bench.conformance;

import io.portcullis.lab.network.Names;
import io.portcullis.lab.network.NamespaceProgram;
import io.portcullis.lab.network.Topology;
import io.portcullis.lab.probe.Probe;
import io.portcullis.lab.probe.Site;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A service for each address of each pod, whose only backend that is, and probes through it. */
final class Hairpins {
  private final Map<IpAddress, IpAddress> backends = new HashMap<>();

  /** Makes the services where kube-proxy does: at the pods' nodes. */
  Hairpins(Topology topology, Names names) throws InterruptedException {
    for (var node : topology.nodes().keySet()) {
      var pods = topology.pods().values().stream().filter(pod -> pod.node().equals(node));
      load(names.node(node), pods.flatMap(pod -> pod.addresses().stream()).toList());
    }
  }

  private void load(String namespace, List<IpAddress> pods) throws InterruptedException {
    var there = new StringBuilder();
    var back = new StringBuilder();
    for (var pod : pods) {
      var service = service(pod);
      backends.put(service, pod);
      var ip = pod.family() == Family.V4 ? "ip" : "ip6";
      there.append("%1$s daddr %2$s dnat %1$s to %3$s\n".formatted(ip, service, pod));
      back.append("%1$s saddr %2$s %1$s daddr %2$s masquerade\n".formatted(ip, pod));
    }
    NamespaceProgram.run(
        namespace,
        """
        table inet service
        delete table inet service
        table inet service {
          chain there {
            type nat hook prerouting priority dstnat
            %s
          }
          chain back {
            type nat hook postrouting priority srcnat
            %s
          }
        }
        """
            .formatted(there, back),
        "nft",
        "-f",
        "-");
  }

  private static IpAddress service(IpAddress pod) {
    return IpAddress.parse(pod.toString().replaceFirst("244", "96"));
  }

  /** Returns a probe of each pod to itself through its service, for each of its addresses. */
  List<Probe> probes(Collection<Site> sites, Collection<Integer> ports) {
    var probes = new ArrayList<Probe>();
    for (var site : sites) {
      for (var ip : site.addresses()) {
        if (site.kind() == Site.Kind.POD) {
          for (var protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            ports.forEach(
                port -> probes.add(new Probe(site, ip, site, service(ip), protocol, port)));
          }
        }
      }
    }
    return List.copyOf(probes);
  }

  /** Returns the flow that reaches the pod, for one of it to a service (T3, A12). */
  Flow looped(Flow flow) {
    var backend = backends.get(flow.destination());
    if (!flow.source().equals(backend)) {
      throw new IllegalArgumentException("not from a pod to itself: " + flow);
    }
    return new Flow(backend, backend, flow.port());
  }
}
