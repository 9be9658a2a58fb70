package io.portcullis.cli;

/** Policies and pods for tests of the command {@code lint}. */
final class LintTexts {
  static final String SHOP = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n";

  static final String WEB = pod("shop", "web", "10.244.1.5", "");

  static String policy(String name, String spec) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: %s, namespace: shop}
    spec:
    %s"""
        .formatted(name, spec.indent(2));
  }

  static String tiered(String name, int priority, String spec) {
    return """
    apiVersion: policy.networking.k8s.io/v1beta1
    kind: ClusterNetworkPolicy
    metadata: {name: %s}
    spec:
      tier: Admin
      priority: %d
      subject: {namespaces: {}}
    %s"""
        .formatted(name, priority, spec.indent(2));
  }

  static String pod(String namespace, String name, String address, String more) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {app: %s}}
    spec: {nodeName: n1%s}
    status: {podIPs: [{ip: %s}]}
    """
        .formatted(name, namespace, name, more, address);
  }

  private LintTexts() {}
}
