package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ObjectKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The kinds of objects that are read. */
public enum Kind {
  POD("v1", "Pod", "pods", Scope.NAMESPACED, "core"),
  NAMESPACE("v1", "Namespace", "namespaces", Scope.CLUSTER, "core"),
  NODE("v1", "Node", "nodes", Scope.CLUSTER, "core"),
  NETWORK_POLICY(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "networkpolicies",
      Scope.NAMESPACED,
      "networking.k8s.io"),
  LEGACY_POLICY( // L7: its own group, so never the same object as one of v1
      "extensions/v1beta1",
      "NetworkPolicy",
      "networkpolicies",
      Scope.NAMESPACED,
      NetworkPolicy.LEGACY_GROUP),
  CLUSTER_POLICY(
      "policy.networking.k8s.io/v1alpha2",
      "ClusterNetworkPolicy",
      "clusternetworkpolicies",
      Scope.CLUSTER,
      "policy.networking.k8s.io"),
  ADMIN_POLICY(
      "policy.networking.k8s.io/v1alpha1",
      "AdminNetworkPolicy",
      "adminnetworkpolicies",
      Scope.CLUSTER,
      "policy.networking.k8s.io"),
  BASELINE_ADMIN_POLICY(
      "policy.networking.k8s.io/v1alpha1",
      "BaselineAdminNetworkPolicy",
      "baselineadminnetworkpolicies",
      Scope.CLUSTER,
      "policy.networking.k8s.io");

  /** Whether objects of a kind live in namespaces. */
  enum Scope {
    NAMESPACED,
    CLUSTER
  }

  private final String apiVersion;
  private final String kind;
  private final String plural;
  private final Scope scope;
  private final String group;

  Kind(String apiVersion, String kind, String plural, Scope scope, String group) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.plural = plural;
    this.scope = scope;
    this.group = group;
  }

  static Optional<Kind> of(String apiVersion, String kind) {
    return Arrays.stream(values())
        .filter(known -> known.apiVersion.equals(apiVersion) && known.kind.equals(kind))
        .findFirst();
  }

  /**
   * The kind of the object that has this key.
   *
   * @throws IllegalArgumentException where it is none of these
   */
  public static Kind of(ObjectKey key) {
    return Arrays.stream(values())
        .filter(known -> known.group.equals(key.group()) && known.kind.equals(key.kind()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind that is read: " + key));
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

  /** Those of {@code policy.networking.k8s.io}, which a cluster may have or not. */
  public static Set<Kind> tiered() {
    return EnumSet.of(CLUSTER_POLICY, ADMIN_POLICY, BASELINE_ADMIN_POLICY);
  }

  /** Group and version, as an object's {@code apiVersion} has them. */
  public String apiVersion() {
    return apiVersion;
  }

  /** As an object's {@code kind} has it. */
  public String kind() {
    return kind;
  }

  /** As the API server's paths have it. */
  public String plural() {
    return plural;
  }

  /** Where an API server has all objects of this kind. */
  public String path() {
    return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion + "/" + plural;
  }

  /** Whether its objects live in namespaces. */
  public boolean isNamespaced() {
    return scope == Scope.NAMESPACED;
  }

  Scope scope() {
    return scope;
  }

  List<String> nameFaults(String name) {
    return this == NAMESPACE ? NameSyntax.dnsLabel(name) : NameSyntax.dnsSubdomain(name);
  }

  /** The key of the object of that name; the namespace counts where it has one. */
  public ObjectKey key(String namespace, String name) {
    return new ObjectKey(group, kind, scope == Scope.CLUSTER ? "" : namespace, name);
  }
}
