package io.portcullis.agent.kernel;

import io.portcullis.nft.TestNamespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node that forwards between namespaces, each with one link and one address of either family: a
 * pod's way to be there. Nothing of it is reachable from outside.
 */
public final class PodNetwork implements AutoCloseable {
  private static final List<String> GATEWAYS = List.of("169.254.1.1", "fe80::1");

  private final TestNamespace node;
  private final Map<String, TestNamespace> pods = new HashMap<>();

  /**
   * @param node stays when this is closed
   */
  public PodNetwork(TestNamespace node) {
    this.node = node;
    run(node, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    run(node, "ip", "link", "set", "lo", "up");
  }

  /** A pod with these addresses. */
  public TestNamespace pod(String v4, String v6) {
    var pod = TestNamespace.make();
    pods.put(v4, pod);
    var link = "pod" + pods.size();
    run(node, "ip", "link", "add", link, "type", "veth", "peer", "eth0", "netns", pod.name());
    run(pod, "ip", "link", "set", "lo", "up");
    run(pod, "ip", "link", "set", "eth0", "up");
    run(pod, "ip", "address", "add", v4 + "/32", "dev", "eth0");
    run(pod, "ip", "address", "add", v6 + "/128", "dev", "eth0", "nodad");
    run(node, "ip", "address", "add", GATEWAYS.get(0) + "/32", "dev", link);
    run(node, "ip", "address", "add", GATEWAYS.get(1) + "/64", "dev", link, "nodad");
    run(node, "ip", "link", "set", link, "up");
    run(node, "ip", "route", "add", v4 + "/32", "dev", link);
    run(node, "ip", "-6", "route", "add", v6 + "/128", "dev", link);
    for (var gateway : GATEWAYS) {
      var isV6 = gateway.contains(":");
      var ip = new ArrayList<>(List.of("ip", isV6 ? "-6" : "-4", "route", "add", "default"));
      ip.addAll(List.of("via", gateway, "dev", "eth0", "onlink"));
      run(pod, ip.toArray(String[]::new));
    }
    return pod;
  }

  private static void run(TestNamespace in, String... command) {
    in.run("", command).orThrow();
  }

  @Override
  public void close() {
    pods.values().forEach(TestNamespace::close);
  }
}
