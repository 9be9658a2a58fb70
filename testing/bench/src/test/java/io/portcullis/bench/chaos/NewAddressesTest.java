package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.lab.network.Topology;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NewAddressesTest {
  private static List<Topology.Pod> pods() {
    var pods = new ArrayList<Topology.Pod>();
    for (var node = 0; node < 3; node++) {
      for (var pod = 2; pod < 6; pod++) {
        pods.add(
            new Topology.Pod(
                "a/p" + node + pod,
                "node-" + node,
                List.of(
                    IpAddress.parse("10.244." + node + "." + pod),
                    IpAddress.parse("fd00:10:244:" + node + "::" + pod))));
      }
    }
    return pods;
  }

  @Test
  void noPodKeepsItsAddressAndAThirdHaveThoseOfOthersOfTheirNode() {
    var before = pods();
    for (var seed = 0; seed < 100; seed++) {
      var after = NewAddresses.of(before, new Random(seed));
      var had = new TreeMap<IpAddress, Topology.Pod>();
      before.forEach(pod -> pod.addresses().forEach(ip -> had.put(ip, pod)));
      var inherited = 0;
      var used = new HashSet<IpAddress>();
      for (var pod : after) {
        assertThat(pod.addresses()).hasSize(2).allMatch(used::add);
        var owner = had.get(pod.addresses().getFirst());
        if (owner != null) {
          inherited++;
          assertThat(owner.addresses()).isEqualTo(pod.addresses());
          assertThat(owner.name()).isNotEqualTo(pod.name());
          assertThat(owner.node()).isEqualTo(pod.node());
        }
      }
      assertThat(inherited).isEqualTo(6);
      assertThat(names(after)).isEqualTo(names(before));
    }
  }

  private static List<String> names(List<Topology.Pod> pods) {
    return pods.stream()
        .map(pod -> pod.name() + " " + pod.node())
        .sorted()
        .collect(Collectors.toList());
  }
}
