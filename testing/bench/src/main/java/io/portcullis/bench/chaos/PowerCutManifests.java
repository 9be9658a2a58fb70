package io.portcullis.bench.chaos;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster whose pods' addresses must not be mixed up: each node has a pod of each kind, and what
 * one kind may do, another may not.
 */
final class PowerCutManifests {
  static final int NODES = 3;

  private PowerCutManifests() {}

  /** Returns the manifests. */
  static String text() {
    return Stream.concat(
            Stream.of(namespace("shop"), namespace("closed"), namespace("open"), POLICIES),
            IntStream.rangeClosed(1, NODES).boxed().flatMap(PowerCutManifests::pods))
        .collect(Collectors.joining("---\n"));
  }

  private static final String POLICIES =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress, Egress]
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{protocol: TCP, port: 80}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress, Egress]
        ingress:
          - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: open}}}]
            ports: [{protocol: TCP, port: 443}, {protocol: UDP, port: 443}]
        egress:
          - to: [{podSelector: {matchLabels: {app: db}}}]
          - to: [{ipBlock: {cidr: 203.0.113.0/24}}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: all, namespace: closed}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
      """;

  private static String namespace(String name) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: %1$s, labels: {kubernetes.io/metadata.name: %1$s}}
    """
        .formatted(name);
  }

  private static Stream<String> pods(int node) {
    return Stream.of(
        pod("shop", "web", node),
        pod("shop", "db", node),
        pod("closed", "silent", node),
        pod("open", "free", node));
  }

  private static String pod(String namespace, String app, int node) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %2$s-%3$d, namespace: %1$s, labels: {app: %2$s}}
    spec: {nodeName: node-%3$d, containers: [{name: main, image: main}]}
    """
        .formatted(namespace, app, node);
  }
}
