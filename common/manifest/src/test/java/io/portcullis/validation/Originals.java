package io.portcullis.validation;

import java.util.List;
import java.util.stream.Stream;

/** A valid manifest of each kind, with every field that is read. */
final class Originals {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        namespace: shop
        labels:
          app: web
        creationTimestamp: "2026-01-31T12:00:00Z"
      spec:
        nodeName: n1
        containers:
        - ports:
          - name: http
            containerPort: 8080
      status:
        phase: Running
        podIP: 10.1.0.1
        podIPs:
        - ip: 10.1.0.1
        - ip: fd00::1
      """;

  private static final String NAMESPACE =
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        labels:
          team: shop
        annotations:
          net.beta.kubernetes.io/network-policy: '{"ingress": {"isolation": "DefaultDeny"}}'
      """;

  private static final String NODE =
      """
      apiVersion: v1
      kind: Node
      metadata:
        name: n1
        labels:
          gpu: "yes"
      spec:
        podCIDR: 10.1.0.0/24
        podCIDRs:
        - 10.1.0.0/24
      status:
        addresses:
        - type: InternalIP
          address: 192.0.2.1
      """;

  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: web
        namespace: shop
      spec:
        podSelector:
          matchLabels:
            app: web
          matchExpressions:
          - key: tier
            operator: NotIn
            values:
            - test
        policyTypes:
        - Ingress
        - Egress
        ingress:
        - from:
          - podSelector:
              matchLabels:
                app: front
            namespaceSelector: {}
          - ipBlock:
              cidr: 10.0.0.0/8
              except:
              - 10.1.0.0/16
          ports:
          - port: 8000
            endPort: 8100
          - protocol: UDP
            port: dns
        egress:
        - to:
          - namespaceSelector:
              matchLabels:
                team: bank
      """;

  private static final String LEGACY =
      """
      apiVersion: extensions/v1beta1
      kind: NetworkPolicy
      metadata:
        name: web
        namespace: shop
      spec:
        podSelector:
          matchLabels:
            app: web
        ingress:
        - from:
          - podSelector:
              matchLabels:
                app: front
          ports:
          - protocol: tcp
            port: 6379
      """;

  private static final String CLUSTER =
      """
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata:
        name: rules
      spec:
        tier: Admin
        priority: 10
        subject:
          pods:
            namespaceSelector:
              matchLabels:
                team: shop
            podSelector: {}
        ingress:
        - name: web may
          action: Accept
          from:
          - pods:
              podSelector:
                matchLabels:
                  app: web
          protocols:
          - tcp:
              destinationPort:
                number: 80
          - destinationNamedPort: http
        - name: bank is left to policies
          action: Pass
          from:
          - namespaces:
              matchExpressions:
              - key: team
                operator: In
                values:
                - bank
        - action: Deny
          from:
          - namespaces: {}
          protocols:
          - udp:
              destinationPort:
                range:
                  start: 1
                  end: 1000
        egress:
        - action: Deny
          to:
          - networks:
            - 10.2.0.0/16
            - fd00::/64
          - nodes:
              matchLabels:
                gpu: "yes"
        - action: Accept
          to:
          - namespaces:
              matchLabels:
                team: shop
          - networks:
            - 0.0.0.0/0
      """;

  private static final String ADMIN =
      """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata:
        name: rules
      spec:
        priority: 10
        subject:
          namespaces:
            matchLabels:
              team: shop
        ingress:
        - name: db is closed
          action: Deny
          from:
          - pods:
              namespaceSelector: {}
              podSelector:
                matchLabels:
                  app: db
        - action: Allow
          from:
          - namespaces: {}
          ports:
          - portNumber:
              protocol: TCP
              port: 80
          - portRange:
              start: 400
              end: 500
          - namedPort: http
        egress:
        - action: Pass
          to:
          - nodes: {}
          ports:
          - portNumber:
              port: 53
              protocol: UDP
        - action: Deny
          to:
          - networks:
            - 0.0.0.0/0
      """;

  private static final String BASELINE =
      """
      apiVersion: policy.networking.k8s.io/v1alpha1
      kind: BaselineAdminNetworkPolicy
      metadata:
        name: default
      spec:
        subject:
          namespaces: {}
        ingress:
        - action: Allow
          from:
          - namespaces:
              matchLabels:
                team: bank
          ports:
          - portNumber:
              port: 443
        - action: Deny
          from:
          - namespaces: {}
        egress:
        - action: Deny
          to:
          - networks:
            - 203.0.113.0/24
      """;

  static final List<String> POLICIES = List.of(POLICY, LEGACY, CLUSTER, ADMIN, BASELINE);

  static final List<String> ALL =
      Stream.concat(Stream.of(POD, NAMESPACE, NODE), POLICIES.stream()).toList();

  private Originals() {}

  /** The same with another name, but for the kind that has only one. */
  static String renamed(String original) {
    return original.replaceFirst("(?m)^  name: (?!default)(.*)$", "  name: $1-too");
  }
}
