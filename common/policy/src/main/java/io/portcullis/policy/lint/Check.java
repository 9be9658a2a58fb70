package io.portcullis.policy.lint;

import java.util.Locale;

/** The checks of policies, each with why a finding matters and what to do about it. */
public enum Check {
  CONTRADICTORY_SELECTOR(
      Level.WARNING,
      "No labels satisfy all of the selector's requirements, so it selects nothing, ever.",
      "Remove the requirement that contradicts the others."),
  SUBJECT_SELECTS_NOTHING(
      Level.WARNING,
      "A policy protects only pods that its subject selects; this one protects none now.",
      "Compare the selector with the pods' labels (kubectl get pods --show-labels)."),
  PEER_SELECTS_NOTHING(
      Level.WARNING,
      "Traffic that the rule was written for does not match it now.",
      "Compare the selectors with the labels of namespaces, pods or nodes. A namespace is selected"
          + " by its name with the label kubernetes.io/metadata.name."),
  UNKNOWN_PORT_NAME(
      Level.WARNING,
      "A port's name is looked up among the container ports of the destination pod, and pods"
          + " without it are not matched.",
      "Use the name that the container gives its port, or the port's number."),
  PORT_NAME_OF_ADDRESSES(
      Level.WARNING,
      "Only pods have named ports; with addresses as destination a name matches nothing.",
      "Use the port's number."),
  UNLISTED_DIRECTION(
      Level.WARNING,
      "Rules of a direction that policyTypes does not list have no effect.",
      "List the direction in spec.policyTypes, or remove the rules."),
  LEGACY_WITHOUT_ISOLATION(
      Level.WARNING,
      "A policy of extensions/v1beta1 only adds to a namespace that an annotation isolates; this"
          + " one restricts nothing.",
      "Annotate the namespace with net.beta.kubernetes.io/network-policy:"
          + " '{\"ingress\":{\"isolation\":\"DefaultDeny\"}}', or write the policy in"
          + " networking.k8s.io/v1."),
  SEPARATE_PEERS(
      Level.WARNING,
      "Two items of a list mean either of them: every pod of the namespaces, and the pods of the"
          + " policy's own namespace. Both selectors in one item mean those pods in those"
          + " namespaces.",
      "If only those pods were meant, write both selectors in one item (remove the second dash)."),
  BLOCK_HOLDS_PODS(
      Level.WARNING,
      "Addresses of pods are given to other pods later, so what the rule matches changes without"
          + " anyone editing it.",
      "Select pods by labels, and except the cluster's pod CIDRs from the block."),
  SHADOWED_RULE(
      Level.WARNING,
      "The first rule that matches decides, and earlier ones match all that this one does.",
      "Put the narrower rule first, or remove this one."),
  REDUNDANT_RULE(
      Level.NOTE,
      "Other rules allow all that this one does, so it can be removed, or means less than it seems.",
      "Remove it, or narrow the others."),
  FORGOTTEN_PODS(
      Level.WARNING,
      "No policy restricts these pods, though others of their namespace are isolated.",
      "Add a policy that selects all pods of the namespace (podSelector: {}) and allows nothing."),
  OPEN_NAMESPACE(
      Level.NOTE,
      "No policy restricts any pod of the namespace.",
      "Add a policy that selects all pods (podSelector: {}) and allows nothing, then allow what is"
          + " needed."),
  EGRESS_WITHOUT_DNS(
      Level.WARNING,
      "Pods that may not ask for names reach by name nobody whom the policies allow.",
      "Allow udp/53 and tcp/53 to the DNS pods, usually pods k8s-app=kube-dns of namespace"
          + " kube-system.");

  private final Level level;
  private final String why;
  private final String remedy;

  Check(Level level, String why, String remedy) {
    this.level = level;
    this.why = why;
    this.remedy = remedy;
  }

  /** Returns the name in output and documentation, such as {@code shadowed-rule}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Level level() {
    return level;
  }

  /** Returns why a finding of this check matters, in a sentence. */
  public String why() {
    return why;
  }

  /** Returns what to do about a finding, in a sentence. */
  public String remedy() {
    return remedy;
  }
}
