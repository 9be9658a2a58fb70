package io.portcullis.validation;

import static io.portcullis.validation.Manifests.admin;
import static io.portcullis.validation.Manifests.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import io.portcullis.cluster.PortSpec;
import io.portcullis.cluster.TieredRule;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import java.util.Collections;
import java.util.Optional;

/** Small tiered policies, and what is read from them. */
final class Tiered {
  static final LabelSelector ALL = LabelSelector.EVERYTHING;
  static final Peer EVERY_POD = new Peer.Pods(Optional.of(ALL), Optional.of(ALL));
  static final PortSpec TCP_80 = numbered(Protocol.TCP, 80, 80);

  private Tiered() {}

  static TieredPolicy good(String text) {
    return Manifests.good(TieredPolicy.class, text);
  }

  /** A policy as an API server shows it, which may have more fields than are known. */
  static TieredPolicy shown(String text) {
    return Manifests.shown(TieredPolicy.class, text);
  }

  /**
   * A spec with these rules.
   *
   * @param place tier and priority, or the priority alone
   */
  static String withIngress(String place, String rules) {
    return "{" + place + ", subject: {namespaces: {}}, ingress: [" + rules + "]}";
  }

  static String many(int count, String item) {
    return String.join(", ", Collections.nCopies(count, item));
  }

  /** What stands in for a policy that is refused. */
  static TieredPolicy failClosed(String text) {
    var form = Manifests.refused(text).failClosed().orElseThrow();
    assertThat(form.origin().failClosed()).isTrue();
    return (TieredPolicy) Manifests.withoutReasons(form);
  }

  static TieredRule egress(String action, String peers) {
    return rule(egressSpec(action, peers, ""));
  }

  static String egressSpec(String action, String peers, String protocols) {
    return "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: %s, to: [%s]%s}]}"
        .formatted(action, peers, protocols);
  }

  static TieredRule rule(String spec) {
    return shown(cluster(spec)).egress().getFirst();
  }

  static TieredRule ingress(String action, String ports) {
    return shown(
            admin(
                "{priority: 1, subject: {namespaces: {}}, ingress: [{action: %s, from: [{namespaces: {}}], ports: [%s]}]}"
                    .formatted(action, ports)))
        .ingress()
        .getFirst();
  }

  static Peer.Pods pods(LabelSelector namespaces, LabelSelector pods) {
    return new Peer.Pods(Optional.of(namespaces), Optional.of(pods));
  }

  static PortSpec numbered(Protocol protocol, int first, int last) {
    return new PortSpec.Numbered(new PortRange(protocol, first, last));
  }
}
