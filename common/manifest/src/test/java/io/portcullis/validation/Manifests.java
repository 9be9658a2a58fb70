package io.portcullis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.PolicyRule;
import io.portcullis.cluster.TieredRule;
import io.portcullis.manifest.Document;
import io.portcullis.manifest.DocumentParser;
import io.portcullis.manifest.FileContents;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Small manifests, and what is read from them. */
public final class Manifests {
  public static final String FILE = "some/file.yaml";
  public static final long SEEN = 1_700_000_000_000_000L;

  private Manifests() {}

  public static FileContents read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  public static FileContents read(byte[] bytes) {
    return FileContents.of(FILE, bytes, SEEN);
  }

  /** A v1 policy {@code shop/web} with this spec in YAML's flow style. */
  public static String policy(String spec) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web, namespace: shop}
        spec: %s
        """
        .formatted(spec);
  }

  /** A v1beta1 policy {@code shop/web}. */
  public static String legacy(String spec) {
    return policy(spec).replace("networking.k8s.io/v1", "extensions/v1beta1");
  }

  /** A ClusterNetworkPolicy {@code rules}. */
  public static String cluster(String spec) {
    return tiered("v1alpha2", "ClusterNetworkPolicy", "rules", spec);
  }

  /** An AdminNetworkPolicy {@code rules}. */
  public static String admin(String spec) {
    return tiered("v1alpha1", "AdminNetworkPolicy", "rules", spec);
  }

  /** The BaselineAdminNetworkPolicy. */
  public static String baseline(String spec) {
    return tiered("v1alpha1", "BaselineAdminNetworkPolicy", "default", spec);
  }

  private static String tiered(String version, String kind, String name, String spec) {
    return """
        apiVersion: policy.networking.k8s.io/%s
        kind: %s
        metadata: {name: %s}
        spec: %s
        """
        .formatted(version, kind, name, spec);
  }

  public static String object(String kind, String metadata, String rest) {
    return "apiVersion: v1\nkind: " + kind + "\nmetadata: " + metadata + "\n" + rest + "\n";
  }

  /** The only object of a text, which must be valid. */
  public static <T extends ClusterObject> T good(Class<T> type, String text) {
    var reading = read(text);
    assertThat(errors(reading)).isEmpty();
    assertThat(reading.sightings()).hasSize(1);
    return type.cast(withoutReasons(((Sighting.Valid) reading.sightings().getFirst()).object()));
  }

  /** The object without the reasons why some of its rules stand for others, to compare. */
  static ClusterObject withoutReasons(ClusterObject object) {
    return switch (object) {
      case ClusterObject.NetworkPolicy(
              var key,
              var origin,
              var subjects,
              var types,
              var ingress,
              var egress) ->
          new ClusterObject.NetworkPolicy(
              key, origin, subjects, types, withoutReasons(ingress), withoutReasons(egress));
      case ClusterObject.TieredPolicy(
              var key,
              var origin,
              var tier,
              var priority,
              var subject,
              var ingress,
              var egress) ->
          new ClusterObject.TieredPolicy(
              key,
              origin,
              tier,
              priority,
              subject,
              tieredWithoutReasons(ingress),
              tieredWithoutReasons(egress));
      case ClusterObject.Pod _, ClusterObject.Node _, ClusterObject.Namespace _ -> object;
    };
  }

  private static List<PolicyRule> withoutReasons(List<PolicyRule> rules) {
    return rules.stream().map(rule -> new PolicyRule(rule.peers(), rule.ports())).toList();
  }

  private static List<TieredRule> tieredWithoutReasons(List<TieredRule> rules) {
    return rules.stream()
        .map(
            rule ->
                new TieredRule(
                    rule.name(),
                    rule.action(),
                    new PolicyRule(rule.match().peers(), rule.match().ports())))
        .toList();
  }

  public static ClusterObject.NetworkPolicy goodPolicy(String spec) {
    return good(ClusterObject.NetworkPolicy.class, policy(spec));
  }

  public static Sighting.Invalid refused(String text) {
    var reading = read(text);
    assertThat(reading.sightings()).hasSize(1);
    assertThat(reading.sightings().getFirst()).isInstanceOf(Sighting.Invalid.class);
    return (Sighting.Invalid) reading.sightings().getFirst();
  }

  /** What stands in for a policy that is refused. */
  public static ClusterObject.NetworkPolicy failClosed(String text) {
    var form = refused(text).failClosed().orElseThrow();
    assertThat(form.origin().failClosed()).isTrue();
    return (ClusterObject.NetworkPolicy) withoutReasons(form);
  }

  /** The only object of a text, as an API server would show it; it must be valid. */
  static <T extends ClusterObject> T shown(Class<T> type, String text) {
    var sighting = fromApi(text).sighting();
    assertThat(sighting.problems()).isEmpty();
    return type.cast(withoutReasons(((Sighting.Valid) sighting).object()));
  }

  /** {@code field: reason} of each warning of an object that an API server shows. */
  static List<String> warningsShown(String text) {
    return fromApi(text).warnings().stream()
        .map(problem -> problem.field() + ": " + problem.reason())
        .toList();
  }

  /** The only object of a text, as an API server would show it. */
  static ApiObject fromApi(String text) {
    var document = Document.split(text).getFirst();
    var value = DocumentParser.parse(document).values().getFirst();
    var kind = Kind.of(value.path("apiVersion").asText(), value.path("kind").asText());
    return ApiObject.read(kind.orElseThrow(), value, SEEN);
  }

  public static List<String> errors(String text) {
    return errors(read(text));
  }

  /** {@code field: reason} of each error. */
  public static List<String> errors(FileContents reading) {
    return problems(reading)
        .filter(problem -> problem.severity() == Severity.ERROR)
        .map(problem -> problem.field() + ": " + problem.reason())
        .toList();
  }

  public static List<String> warnings(String text) {
    return read(text).remarks().stream()
        .map(problem -> problem.field() + ": " + problem.reason())
        .toList();
  }

  public static Stream<Problem> problems(FileContents reading) {
    return Stream.concat(
        reading.sightings().stream().flatMap(sighting -> sighting.problems().stream()),
        reading.remarks().stream());
  }
}
