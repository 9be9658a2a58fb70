package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.net.Cidr;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the parts of a node that matter to policy. */
final class NodeReader {
  private NodeReader() {}

  static Node read(ObjectKey key, Origin origin, Metadata metadata, Field object) {
    object.hasOnly(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    var spec = object.child("spec");
    spec.isObject();
    spec.warnOfLike(Set.of("podCIDR", "podCIDRs"));
    var status = object.child("status");
    status.isObject();
    status.warnOfLike(Set.of("addresses"));
    return new Node(
        key, origin, metadata.labels(), addresses(status.child("addresses")), podCidrs(spec));
  }

  private static List<IpAddress> addresses(Field field) {
    var addresses = new ArrayList<IpAddress>();
    for (var item : field.items()) {
      item.isObject();
      var address = item.child("address");
      var text = address.text().orElse("");
      try {
        addresses.add(IpAddress.parse(text));
      } catch (IllegalArgumentException e) {
        if (item.child("type").text().orElse("").endsWith("IP")) { // others hold host names
          address.warn("not an IP address, it means nothing: " + Quoted.text(text));
        }
      }
    }
    return addresses.stream().distinct().toList();
  }

  /** Reads pod CIDRs; if both fields differ, the server takes the older one alone. */
  private static List<Cidr> podCidrs(Field spec) {
    var cidrs = new ArrayList<Cidr>();
    var podCidrs = spec.child("podCIDRs");
    podCidrs.items().forEach(item -> BlockReader.cidr(item).ifPresent(cidrs::add));
    var podCidr = spec.child("podCIDR");
    if (!podCidr.present() || podCidr.text().filter(String::isEmpty).isPresent()) {
      return cidrs;
    }
    var first = BlockReader.cidr(podCidr);
    if (first.isEmpty() || (!cidrs.isEmpty() && cidrs.getFirst().equals(first.get()))) {
      return cidrs;
    }
    if (!cidrs.isEmpty()) {
      podCidrs.warn("does not begin with spec.podCIDR, which alone counts then");
    }
    return List.of(first.get());
  }
}
