package io.portcullis.validation;

import io.portcullis.cluster.ClusterObject.NetworkPolicy;
import io.portcullis.cluster.ObjectKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/** The kinds of objects that are read. */
public enum Kind {
  POD(List.of("v1"), "Pod", "pods", Scope.NAMESPACED, "core"),
  NAMESPACE(List.of("v1"), "Namespace", "namespaces", Scope.CLUSTER, "core"),
  NODE(List.of("v1"), "Node", "nodes", Scope.CLUSTER, "core"),
  NETWORK_POLICY(
      List.of("networking.k8s.io/v1"),
      "NetworkPolicy",
      "networkpolicies",
      Scope.NAMESPACED,
      "networking.k8s.io"),
  LEGACY_POLICY( // L7: its own group, so never the same object as one of v1
      List.of("extensions/v1beta1"),
      "NetworkPolicy",
      "networkpolicies",
      Scope.NAMESPACED,
      NetworkPolicy.LEGACY_GROUP),
  CLUSTER_POLICY(
      List.of("policy.networking.k8s.io/v1beta1", "policy.networking.k8s.io/v1alpha2"),
      "ClusterNetworkPolicy",
      "clusternetworkpolicies",
      Scope.CLUSTER,
      "policy.networking.k8s.io"),
  ADMIN_POLICY(
      List.of("policy.networking.k8s.io/v1alpha1"),
      "AdminNetworkPolicy",
      "adminnetworkpolicies",
      Scope.CLUSTER,
      "policy.networking.k8s.io"),
  BASELINE_ADMIN_POLICY(
      List.of("policy.networking.k8s.io/v1alpha1"),
      "BaselineAdminNetworkPolicy",
      "baselineadminnetworkpolicies",
      Scope.CLUSTER,
      "policy.networking.k8s.io");

  /** Where the objects of a kind live. */
  enum Scope {
    NAMESPACED,
    CLUSTER
  }

  private final List<String> apiVersions;
  private final String kind;
  private final String plural;
  private final Scope scope;
  private final String group;

  Kind(List<String> apiVersions, String kind, String plural, Scope scope, String group) {
    this.apiVersions = apiVersions;
    this.kind = kind;
    this.plural = plural;
    this.scope = scope;
    this.group = group;
  }

  static Optional<Kind> of(String apiVersion, String kind) {
    return Arrays.stream(values())
        .filter(known -> known.apiVersions.contains(apiVersion) && known.kind.equals(kind))
        .findFirst();
  }

  /**
   * Returns the kind of the object that has this key.
   *
   * @throws IllegalArgumentException when the key is of no such kind
   */
  public static Kind of(ObjectKey key) {
    return Arrays.stream(values())
        .filter(known -> known.isOf(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind that is read: " + key));
  }

  /** Tells whether this is the kind of the object that has this key. */
  public boolean isOf(ObjectKey key) {
    return group.equals(key.group()) && kind.equals(key.kind());
  }

  /** Returns those of some keys whose objects are of this kind. */
  public List<ObjectKey> among(NavigableSet<ObjectKey> keys) {
    var before = key("", "\0"); // sorts before each object of the kind
    return keys.tailSet(before, false).stream()
        .takeWhile(key -> key.kind().equals(kind))
        .filter(this::isOf)
        .toList();
  }

  /**
   * Returns the kind of this name: {@code ClusterNetworkPolicy}, or {@code
   * clusternetworkpolicies.policy.networking.k8s.io}.
   */
  public static Optional<Kind> named(String name) {
    return Arrays.stream(values())
        .filter(known -> known.kind.equalsIgnoreCase(name) || known.resource().equals(name))
        .findFirst();
  }

  /** Returns the kinds of {@code policy.networking.k8s.io}, which some clusters do not have. */
  public static Set<Kind> tiered() {
    return EnumSet.of(CLUSTER_POLICY, ADMIN_POLICY, BASELINE_ADMIN_POLICY);
  }

  /**
   * Returns each {@code apiVersion} in which the kind is read, with the same types; newest first.
   */
  public List<String> apiVersions() {
    return apiVersions;
  }

  /** Returns the newest {@code apiVersion} in which the kind is read. */
  public String apiVersion() {
    return apiVersions.getFirst();
  }

  /** Returns the API group, empty for the core group. */
  public String apiGroup() {
    var slash = apiVersion().indexOf('/');
    return slash < 0 ? "" : apiVersion().substring(0, slash);
  }

  /** Returns the name of the kind, as in an object's {@code kind}. */
  public String kind() {
    return kind;
  }

  /** Returns the plural name, as in the API server's paths. */
  public String plural() {
    return plural;
  }

  /** Returns the plural name with the group, which is also the name of the kind's definition. */
  public String resource() {
    return apiGroup().isEmpty() ? plural : plural + "." + apiGroup();
  }

  /** Returns the API server's path of all objects of this kind, in the newest version. */
  public String path() {
    return path(apiVersion());
  }

  /** Returns the API server's path of all objects of this kind, in one of its versions. */
  public String path(String apiVersion) {
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
