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

  /** Where the objects of a kind live. */
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
   * Returns the kind of the object that has this key.
   *
   * @throws IllegalArgumentException when the key is of no such kind
   */
  public static Kind of(ObjectKey key) {
    return Arrays.stream(values())
        .filter(known -> known.group.equals(key.group()) && known.kind.equals(key.kind()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind that is read: " + key));
  }

  /**
   * Returns whether an object of an unknown API version is probably meant to be one of these: it
   * has one of these kinds, and its group belongs to no other project.
   */
  static boolean isProbable(String apiVersion, String kind) {
    var slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return Arrays.stream(values())
        .filter(known -> known.kind.equals(kind))
        .anyMatch(known -> group.indexOf('.') < 0 || group.equals(known.group));
  }

  /** Returns the kinds of {@code policy.networking.k8s.io}, which some clusters do not have. */
  public static Set<Kind> tiered() {
    return EnumSet.of(CLUSTER_POLICY, ADMIN_POLICY, BASELINE_ADMIN_POLICY);
  }

  /** Returns the kind's {@code apiVersion}. */
  public String apiVersion() {
    return apiVersion;
  }

  /** Returns the name of the kind, as in an object's {@code kind}. */
  public String kind() {
    return kind;
  }

  /** Returns the plural name, as in the API server's paths. */
  public String plural() {
    return plural;
  }

  /** Returns the API server's path of all objects of this kind. */
  public String path() {
    return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion + "/" + plural;
  }

  /** Returns whether objects of this kind live in namespaces. */
  public boolean isNamespaced() {
    return scope == Scope.NAMESPACED;
  }

  Scope scope() {
    return scope;
  }

  List<String> nameFaults(String name) {
    return this == NAMESPACE ? NameSyntax.dnsLabel(name) : NameSyntax.dnsSubdomain(name);
  }

  /** Returns the key of an object; the namespace is ignored if the kind has none. */
  public ObjectKey key(String namespace, String name) {
    return new ObjectKey(group, kind, scope == Scope.CLUSTER ? "" : namespace, name);
  }
}
