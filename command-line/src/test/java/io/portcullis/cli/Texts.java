package io.portcullis.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Manifests as people write them. */
final class Texts {
  /** The first document of this project, to the letter; it names no namespace. */
  static final String SEED_NAMESPACE =
      """
      kind: Namespace
      apiVersion: v1
      metadata:
        annotations:
          net.beta.kubernetes.io/network-policy: |
            {
              "ingress": {
                "isolation": "DefaultDeny"
              }
            }
      """;

  static final String SEED_POLICY =
      """
      apiVersion: extensions/v1beta1
      kind: NetworkPolicy
      metadata:
       name: test-network-policy
      spec:
       podSelector:
        matchLabels:
          role: db
       ingress:
        - from:
           - podSelector:
              matchLabels:
               role: frontend
          ports:
           - protocol: tcp
             port: 6379
      """;

  /** It isolates its pods though its one rule is not valid (N10). */
  static final String BROKEN =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: broken}
      spec:
        podSelector: {matchLabels: {role: frontend}}
        ingress: [{ports: [{port: 99999}]}]
      """;

  private Texts() {}

  static String seedNamespaceNamed(String name) {
    return SEED_NAMESPACE.replace("metadata:\n", "metadata:\n  name: " + name + "\n");
  }

  static String node(String name) {
    return "{apiVersion: v1, kind: Node, metadata: {name: %s}}\n".formatted(name);
  }

  static String pod(String name, String node, String... addresses) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, labels: {role: %s}}
    spec: {nodeName: "%s"}
    status: {podIPs: [%s]}
    """
        .formatted(
            name,
            name,
            node,
            Arrays.stream(addresses)
                .map("{ip: \"%s\"}"::formatted)
                .collect(Collectors.joining(", ")));
  }

  static String documents(String... documents) {
    return String.join("---\n", documents);
  }

  /** Writes the seed's namespace and policy, with pods of three roles on two nodes. */
  static void writeSeed(Path directory) throws IOException {
    write(directory, "ns.yaml", seedNamespaceNamed("default"));
    write(directory, "policy.yaml", SEED_POLICY);
    write(
        directory,
        "pods.yaml",
        documents(
            node("n1"),
            pod("db", "n1", "10.1.0.5"),
            pod("frontend", "n2", "10.1.0.6"),
            pod("other", "n2", "10.1.0.7")));
  }

  static Path write(Path directory, String name, String text) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
