package io.portcullis.validation;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Tells which objects have a namespace, so that messages name them as their authors do. */
public final class Scopes {
  /** The namespace of an object that names none. */
  static final String DEFAULT_NAMESPACE = "default";

  /** The kinds of Kubernetes without a namespace that are not read. */
  private static final Set<String> OF_CLUSTER =
      Set.of(
          "APIService",
          "CertificateSigningRequest",
          "CSIDriver",
          "CSINode",
          "CustomResourceDefinition",
          "DeviceClass",
          "FlowSchema",
          "IngressClass",
          "IPAddress",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionPolicyBinding",
          "MutatingWebhookConfiguration",
          "PersistentVolume",
          "PodSecurityPolicy",
          "PriorityClass",
          "PriorityLevelConfiguration",
          "ResourceSlice",
          "RuntimeClass",
          "ServiceCIDR",
          "StorageClass",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "ValidatingWebhookConfiguration",
          "VolumeAttachment",
          "VolumeAttributesClass");

  private Scopes() {}

  /**
   * Returns the namespace to show of an object.
   *
   * @param written the namespace that it names
   */
  public static Optional<String> shownNamespace(String kind, Optional<String> written) {
    return isOfCluster(kind) ? written : Optional.of(written.orElse(DEFAULT_NAMESPACE));
  }

  private static boolean isOfCluster(String kind) {
    return Arrays.stream(Kind.values())
        .filter(known -> known.kind().equals(kind))
        .findFirst()
        .map(known -> !known.isNamespaced())
        .orElseGet(() -> OF_CLUSTER.contains(kind) || isNamedForCluster(kind));
  }

  /** Returns whether a kind is named as those of many systems are that have no namespace. */
  private static boolean isNamedForCluster(String kind) {
    return kind.contains("Cluster") || kind.startsWith("Global");
  }
}
