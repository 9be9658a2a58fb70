package io.portcullis.validation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tells what an object means to policy whose kind is not read. */
final class UnreadKinds {
  /** The end of the name of every group that is Kubernetes' own. */
  private static final String KUBERNETES = ".k8s.io";

  private static final String LIST = "List";

  /** A part that the names of network policies of all systems share, in lower case. */
  private static final String POLICY = "networkpolic";

  /** Network policies whose names do not say so, in lower case. */
  private static final Set<String> OTHER_POLICIES = Set.of("egressfirewall");

  private UnreadKinds() {}

  /** A kind that is not read, by how it concerns policy. */
  sealed interface Meaning {
    /** Nothing serves the kind, and it is probably meant as one that is read. */
    record Mistaken(String field, String reason) implements Meaning {}

    /** The object is a network policy that another system enforces. */
    record OfOtherSystem(String group) implements Meaning {}

    /** The object has no part in policy. */
    record NoPart() implements Meaning {}
  }

  /** Returns what an object of this kind means, which is none of {@link Kind}. */
  static Meaning of(String apiVersion, String kind) {
    var group = group(apiVersion);
    var meant = meant(group, kind);
    if (meant.isPresent()) {
      return mistaken(meant.get(), apiVersion, kind);
    }
    if (group.isEmpty() && Spelling.isNear(kind, LIST)) {
      return new Meaning.Mistaken("kind", noMatches(apiVersion, kind) + didYouMean(LIST));
    }
    if (!isPolicy(kind)) {
      return new Meaning.NoPart();
    }
    return isKubernetes(group)
        ? new Meaning.Mistaken("kind", noMatches(apiVersion, kind))
        : new Meaning.OfOtherSystem(group);
  }

  private static Meaning mistaken(Kind meant, String apiVersion, String kind) {
    var reason = noMatches(apiVersion, kind);
    return kind.equals(meant.kind())
        ? new Meaning.Mistaken("apiVersion", reason + didYouMean(served(meant)))
        : new Meaning.Mistaken("kind", reason + didYouMean(meant.kind()));
  }

  private static String noMatches(String apiVersion, String kind) {
    return "no matches for kind " + Quoted.text(kind) + " in version " + Quoted.text(apiVersion);
  }

  private static String didYouMean(String name) {
    return "; did you mean " + name + "?";
  }

  private static String served(Kind meant) {
    return String.join(
        " or ",
        Arrays.stream(Kind.values())
            .filter(known -> known.kind().equals(meant.kind()))
            .flatMap(known -> known.apiVersions().stream())
            .toList());
  }

  /** Returns the kind that the author probably meant; its group may be wrong too. */
  private static Optional<Kind> meant(String group, String kind) {
    return Stream.of(kind, singular(kind))
        .flatMap(written -> like(written).filter(known -> mayBeGroupOf(group, known)))
        .findFirst();
  }

  private static Stream<Kind> like(String kind) {
    return Arrays.stream(Kind.values()).filter(known -> Spelling.isNear(kind, known.kind()));
  }

  /** Returns the name of a kind of which this is the plural, or else this. */
  private static String singular(String kind) {
    return Arrays.stream(Kind.values())
        .filter(known -> known.plural().equals(kind.toLowerCase(Locale.ROOT)))
        .map(Kind::kind)
        .findFirst()
        .orElse(kind);
  }

  private static boolean mayBeGroupOf(String group, Kind known) {
    return switch (known) {
      case POD, NAMESPACE, NODE -> isWithoutDomain(group);
      case NETWORK_POLICY, LEGACY_POLICY, CLUSTER_POLICY, ADMIN_POLICY, BASELINE_ADMIN_POLICY ->
          isKubernetes(group);
    };
  }

  /** Returns whether a group belongs to Kubernetes itself, perhaps misspelt. */
  private static boolean isKubernetes(String group) {
    return isWithoutDomain(group)
        || group.endsWith(KUBERNETES)
        || Arrays.stream(Kind.values())
            .map(Kind::apiGroup)
            .anyMatch(known -> Spelling.isNear(group, known) || known.startsWith(group + "."));
  }

  private static boolean isWithoutDomain(String group) {
    return group.indexOf('.') < 0;
  }

  private static boolean isPolicy(String kind) {
    var lower = kind.toLowerCase(Locale.ROOT);
    return lower.contains(POLICY) || OTHER_POLICIES.contains(lower);
  }

  private static String group(String apiVersion) {
    var slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }
}
