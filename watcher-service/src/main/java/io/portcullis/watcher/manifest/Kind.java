package io.portcullis.watcher.manifest;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ObjectKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of objects that are read. */
enum Kind {
  POD("v1", "Pod", Scope.NAMESPACED, "core"),
  NAMESPACE("v1", "Namespace", Scope.CLUSTER, "core"),
  NODE("v1", "Node", Scope.CLUSTER, "core"),
  NETWORK_POLICY("networking.k8s.io/v1", "NetworkPolicy", Scope.NAMESPACED, "networking.k8s.io"),
  LEGACY_POLICY( // L7: its own group, so never the same object as one of v1
      "extensions/v1beta1", "NetworkPolicy", Scope.NAMESPACED, NetworkPolicy.LEGACY_GROUP),
  CLUSTER_POLICY(
      "policy.networking.k8s.io/v1alpha2",
      "ClusterNetworkPolicy",
      Scope.CLUSTER,
      "policy.networking.k8s.io"),
  ADMIN_POLICY(
      "policy.networking.k8s.io/v1alpha1",
      "AdminNetworkPolicy",
      Scope.CLUSTER,
      "policy.networking.k8s.io"),
  BASELINE_ADMIN_POLICY(
      "policy.networking.k8s.io/v1alpha1",
      "BaselineAdminNetworkPolicy",
      Scope.CLUSTER,
      "policy.networking.k8s.io");

  /** Whether objects of a kind live in namespaces. */
  enum Scope {
    NAMESPACED,
    CLUSTER
  }

  private final String apiVersion;
  private final String kind;
  private final Scope scope;
  private final String group;

  Kind(String apiVersion, String kind, Scope scope, String group) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.scope = scope;
    this.group = group;
  }

  static Optional<Kind> of(String apiVersion, String kind) {
    return Arrays.stream(values())
        .filter(known -> known.apiVersion.equals(apiVersion) && known.kind.equals(kind))
        .findFirst();
  }

  /**
   * Whether an object of an API version that does not exist is meant to be one of these: the kind
   * is one of theirs, and the group no other project's.
   */
  static boolean meant(String apiVersion, String kind) {
    var slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return Arrays.stream(values())
        .filter(known -> known.kind.equals(kind))
        .anyMatch(known -> group.indexOf('.') < 0 || group.equals(known.group));
  }

  String kind() {
    return kind;
  }

  Scope scope() {
    return scope;
  }

  List<String> nameFaults(String name) {
    return this == NAMESPACE ? Syntax.dnsLabel(name) : Syntax.dnsSubdomain(name);
  }

  ObjectKey key(String namespace, String name) {
    return new ObjectKey(group, kind, scope == Scope.CLUSTER ? "" : namespace, name);
  }
}
