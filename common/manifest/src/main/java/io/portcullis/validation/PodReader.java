package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.ContainerPort;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.net.IpAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the parts of a pod that matter to policy. */
final class PodReader {
  private static final Set<String> SPEC =
      Set.of("nodeName", "hostNetwork", "containers", "initContainers");
  private static final Set<String> CONTAINER = Set.of("ports", "restartPolicy");

  /** The other fields, whose names need not be compared with those that are read. */
  private static final Set<String> OTHERS =
      Set.of(
          "activeDeadlineSeconds",
          "affinity",
          "args",
          "command",
          "conditions",
          "containerStatuses",
          "dnsPolicy",
          "enableServiceLinks",
          "env",
          "hostIP",
          "hostIPs",
          "hostname",
          "image",
          "imagePullPolicy",
          "initContainerStatuses",
          "lifecycle",
          "livenessProbe",
          "name",
          "nodeSelector",
          "observedGeneration",
          "preemptionPolicy",
          "priority",
          "priorityClassName",
          "qosClass",
          "readinessProbe",
          "resources",
          "restartPolicy",
          "schedulerName",
          "securityContext",
          "serviceAccount",
          "serviceAccountName",
          "startTime",
          "startupProbe",
          "terminationGracePeriodSeconds",
          "terminationMessagePath",
          "terminationMessagePolicy",
          "tolerations",
          "topologySpreadConstraints",
          "volumeMounts",
          "volumes");

  private static final Set<String> STATUS = Set.of("phase", "podIP", "podIPs");
  private static final Set<String> PORT =
      Set.of("name", "hostPort", "containerPort", "protocol", "hostIP");

  private PodReader() {}

  static Pod read(ObjectKey key, Origin origin, Metadata metadata, Field object) {
    object.hasOnly(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
    var spec = object.child("spec");
    spec.isObject();
    spec.hasNoneLike(SPEC, OTHERS);
    var status = object.child("status");
    status.isObject();
    status.hasNoneLike(STATUS, OTHERS);
    return new Pod(
        key,
        origin,
        metadata.labels(),
        node(spec.childOrMisspelt("nodeName", SPEC)),
        addresses(status),
        hostNetwork(spec),
        PodPhase.isFinished(status.child("phase").text().orElse("")),
        metadata.createdMicros(),
        ports(spec),
        metadata.owner());
  }

  /**
   * Returns the form of a refused pod to and from which nothing is allowed (N10); empty if it is
   * not known where the pod is.
   */
  static Optional<Pod> closed(Pod pod) {
    return pod.addresses().isEmpty() || !NameSyntax.dnsSubdomain(pod.node()).isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pod(
                pod.key(),
                pod.origin(),
                Map.of(),
                pod.node(),
                pod.addresses().stream().distinct().toList(),
                pod.hostNetwork(),
                pod.finished(),
                pod.createdMicros(),
                List.of(),
                pod.owner()));
  }

  /**
   * Reads whether the pod is in its node's network (T6). If that cannot be read it counts as being
   * there, because its address may be the node's, which must not be closed.
   */
  private static boolean hostNetwork(Field spec) {
    var field = spec.childOrMisspelt("hostNetwork", SPEC);
    return field.bool().orElse(field.present());
  }

  private static String node(Field field) {
    var node = field.text().orElse("");
    if (!node.isEmpty()) {
      field.invalid(NameSyntax.dnsSubdomain(node));
    }
    return node;
  }

  /** Reads addresses (T8); if both fields differ, the server takes the older one alone. */
  private static List<IpAddress> addresses(Field status) {
    var addresses = new ArrayList<IpAddress>();
    var podIps = status.childOrMisspelt("podIPs", STATUS);
    for (var item : podIps.items()) {
      item.isObject();
      item.hasOnly(Set.of("ip"));
      address(item.child("ip"), addresses);
    }
    var podIp = status.childOrMisspelt("podIP", STATUS);
    var first = new ArrayList<IpAddress>();
    address(podIp, first);
    if (first.isEmpty()
        || (!addresses.isEmpty() && addresses.getFirst().equals(first.getFirst()))) {
      return addresses;
    }
    if (!addresses.isEmpty()) {
      podIps.warn("does not begin with status.podIP, which alone counts then");
    }
    return first;
  }

  private static void address(Field field, List<IpAddress> into) {
    var text = field.text().orElse("");
    if (text.isEmpty()) {
      return;
    }
    try {
      var address = IpAddress.parse(text);
      if (into.contains(address)) {
        field.duplicate();
      }
      into.add(address);
    } catch (IllegalArgumentException e) {
      field.invalid("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    }
  }

  private static List<ContainerPort> ports(Field spec) {
    var ports = new ArrayList<ContainerPort>();
    for (var container : spec.child("containers").items()) {
      container.hasNoneLike(CONTAINER, OTHERS);
      ports.addAll(ports(container.child("ports").items()));
    }
    for (var container : spec.child("initContainers").items()) {
      container.hasNoneLike(CONTAINER, OTHERS);
      var named = ports(container.child("ports").items());
      if (container.child("restartPolicy").text().orElse("").equals("Always")) { // N9
        ports.addAll(named);
      }
    }
    return ports.stream().distinct().toList();
  }

  private static List<ContainerPort> ports(List<Field> items) {
    var named = new ArrayList<ContainerPort>();
    var names = new HashSet<String>();
    for (var item : items) {
      item.isObject();
      item.hasOnly(PORT);
      var name = item.child("name");
      var text = name.text().orElse("");
      if (!text.isEmpty()) {
        name.invalid(NameSyntax.portName(text));
        if (!names.add(text)) {
          name.duplicate();
        }
      }
      var number = item.child("containerPort");
      if (!number.present()) {
        number.required("");
      }
      var protocol = PortReader.protocol(item.child("protocol"));
      PortReader.number(number)
          .filter(_ -> !text.isEmpty())
          .flatMap(port -> protocol.map(p -> new ContainerPort(text, p, port)))
          .ifPresent(named::add);
    }
    return named;
  }
}
