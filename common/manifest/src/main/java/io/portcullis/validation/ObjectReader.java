package io.portcullis.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Namespace;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.cluster.Origin;
import io.portcullis.cluster.Service;
import io.portcullis.sighting.Problem;
import io.portcullis.sighting.Severity;
import io.portcullis.sighting.Sighting;
import io.portcullis.validation.IsolationAnnotation.Isolation;
import io.portcullis.validation.UnreadKinds.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the objects in one place. Each becomes a sighting, or a note that it is ignored. */
public final class ObjectReader {
  private static final String LIST = "List";

  private final String source;
  private final long seenMicros;
  private final UnknownFields unknownFields;
  private final List<Sighting> sightings = new ArrayList<>();
  private final List<Problem> remarks = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();

  /**
   * Makes a reader that has read nothing yet.
   *
   * @param source the place of the objects
   * @param seenMicros the time of reading, microseconds since 1970
   */
  public ObjectReader(String source, long seenMicros, UnknownFields unknownFields) {
    this.source = source;
    this.seenMicros = seenMicros;
    this.unknownFields = unknownFields;
  }

  /** Returns the sightings so far. */
  public List<Sighting> sightings() {
    return sightings;
  }

  /** Returns warnings and notes that belong to no sighting. */
  public List<Problem> remarks() {
    return remarks;
  }

  /** Returns the Services so far, which answers to people need. */
  public List<Service> services() {
    return services;
  }

  /** Adds a sighting of a part that cannot be read. */
  public void unreadable(String object, String field, String reason) {
    sightings.add(
        new Sighting.Unreadable(
            source, new Problem(source, object, field, reason, Severity.ERROR)));
  }

  /**
   * Reads an object, or each item of a list.
   *
   * @param place how problems name an object without a name
   */
  public void read(JsonNode value, String place) {
    readTyped(value, place, "", "");
  }

  private void readTyped(JsonNode value, String place, String listVersion, String listKind) {
    if (!value.isObject()) {
      unreadable(place, "document", "an object was expected, not: " + Quoted.value(value));
      return;
    }
    if (RepeatedKey.is(value.path("apiVersion")) || RepeatedKey.is(value.path("kind"))) {
      return; // whoever parsed the text tells that
    }
    var apiVersion = ObjectNames.textOr(value.path("apiVersion"), listVersion);
    var kind = ObjectNames.textOr(value.path("kind"), listKind);
    if (isList(apiVersion, kind, value)) {
      readItems(value.path("items"), place, apiVersion, kind);
      return;
    }
    var known = Kind.of(apiVersion, kind);
    if (known.isEmpty()) {
      readUnknown(value, place, apiVersion, kind);
    } else if (isPatch(value)) {
      unreadable(ObjectNames.display(known.get(), value), "document", Field.PATCH);
    } else {
      readKnown(known.get(), value);
    }
  }

  /** Tells what an object means to policy whose kind is not read. */
  private void readUnknown(JsonNode value, String place, String apiVersion, String kind) {
    var display = ObjectNames.displayUnread(kind, value);
    if (apiVersion.isEmpty() || kind.isEmpty()) { // L6
      unreadable(
          display.equals("?/default/?") ? place : display,
          kind.isEmpty() ? "kind" : "apiVersion",
          "Required value");
      return;
    }
    if ((apiVersion + kind).contains(HelmTemplate.OPENING)) {
      unreadable(place, "kind", HelmTemplate.REMEDY);
      return;
    }
    switch (UnreadKinds.of(apiVersion, kind)) {
      case Meaning.Mistaken(var field, var reason) -> unreadable(display, field, reason);
      case Meaning.OfOtherSystem(var group) ->
          remark(
              display, "not enforced by Portcullis, it is a policy of " + group, Severity.WARNING);
      case Meaning.NoPart _ -> {
        remark(display, "ignored, it has no part in policy", Severity.NOTE);
        if (ServiceReader.isService(apiVersion, kind)) {
          readService(value, display);
        }
      }
    }
  }

  private void readService(JsonNode value, String display) {
    var violations = new Violations(UnknownFields.TOLERATED);
    ObjectNames.service(value)
        .flatMap(
            key -> ServiceReader.read(key.namespace(), key.name(), Field.root(value, violations)))
        .filter(_ -> violations.errors() == 0)
        .ifPresent(services::add);
    violations
        .problems(source, display, Severity.ERROR)
        .forEach(fault -> remarks.add(fault.asNote("; the pods behind it are not known")));
  }

  private void remark(String object, String reason, Severity severity) {
    remarks.add(new Problem(source, object, "kind", reason, severity));
  }

  private static boolean isPatch(JsonNode value) {
    return value.properties().stream().anyMatch(member -> Field.isPatch(member.getKey()));
  }

  private static boolean isList(String apiVersion, String kind, JsonNode value) {
    return kind.equals(LIST)
        || (kind.endsWith(LIST)
            && (value.has("items") || Kind.of(apiVersion, itemKind(kind)).isPresent()));
  }

  private static String itemKind(String kind) {
    return kind.substring(0, kind.length() - LIST.length());
  }

  private void readItems(JsonNode items, String place, String apiVersion, String kind) {
    if (items.isMissingNode()) { // any objects may be lost with them
      unreadable(place, "items", "Required value");
      return;
    }
    if (!items.isArray() && !items.isNull()) {
      unreadable(place, "items", "Invalid value: " + Quoted.value(items) + ": must be a list");
      return;
    }
    var itemKind = itemKind(kind);
    var itemVersion = itemKind.isEmpty() ? "" : apiVersion; // items of a plain List name their own
    for (var i = 0; i < items.size(); i++) {
      readTyped(items.get(i), place + ", items[" + i + "]", itemVersion, itemKind);
    }
  }

  /** Reads an object of this kind, whether it names its kind or not. */
  void readKnown(Kind kind, JsonNode value) {
    var violations = new Violations(unknownFields);
    var object = Field.root(value, violations);
    var metadata = Metadata.read(kind, object.child("metadata"));
    var name = ObjectNames.name(value);
    var key = ObjectNames.key(kind, value);
    var display = key.map(ObjectKey::display).orElseGet(() -> ObjectNames.display(kind, value));
    if (ObjectNames.isGenerated(value)) {
      object.child("metadata").child("name").required(ObjectNames.NOT_GENERATED);
    } else if (name.isEmpty() && violations.errors() == 0) { // L6
      object.child("metadata").child("name").required("name or generateName is required");
    }
    if (key.isEmpty()) {
      violations
          .problems(source, display, Severity.ERROR)
          .forEach(problem -> sightings.add(new Sighting.Unreadable(source, problem)));
      return;
    }
    var origin = new Origin(source, metadata.uid(), metadata.generation(), seenMicros);
    var read = readBody(kind, key.get(), origin, metadata, object, violations);
    remarks.addAll(violations.problems(source, display, Severity.WARNING));
    var errors = violations.problems(source, display, Severity.ERROR);
    sightings.add(
        errors.isEmpty()
            ? valid(read, metadata, display)
            : new Sighting.Invalid(
                key.get(), source, metadata.uid(), failClosed(read, metadata), errors));
  }

  private static Optional<ClusterObject> readBody(
      Kind kind,
      ObjectKey key,
      Origin origin,
      Metadata metadata,
      Field object,
      Violations violations) {
    return switch (kind) {
      case POD -> Optional.of(PodReader.read(key, origin, metadata, object));
      case NODE -> Optional.of(NodeReader.read(key, origin, metadata, object));
      case NAMESPACE -> {
        object.hasOnly(Set.of("apiVersion", "kind", "metadata", "spec", "status"));
        yield Optional.of(new Namespace(key, origin, metadata.labels(), isolated(metadata)));
      }
      case NETWORK_POLICY ->
          new NetworkPolicyReader(violations).read(key, origin, object).map(p -> p);
      case LEGACY_POLICY ->
          new LegacyPolicyReader(violations).read(key, origin, object).map(p -> p);
      case CLUSTER_POLICY, ADMIN_POLICY, BASELINE_ADMIN_POLICY ->
          new TieredPolicyReader(TieredDialect.of(kind), violations)
              .read(key, origin, object)
              .map(p -> p);
    };
  }

  private static boolean isolated(Metadata metadata) {
    return switch (IsolationAnnotation.read(metadata.annotations())) {
      case Isolation.Known(var ingressDefaultDeny) -> ingressDefaultDeny;
      case Isolation.Unknown _ -> false;
    };
  }

  private Sighting valid(Optional<ClusterObject> read, Metadata metadata, String display) {
    var object =
        read.orElseThrow(() -> new IllegalStateException(display + " is valid but was not read"));
    if (object instanceof Namespace namespace
        && IsolationAnnotation.read(metadata.annotations())
            instanceof Isolation.Unknown(var reason)) { // L2
      var field = "metadata.annotations[" + IsolationAnnotation.NAME + "]";
      return new Sighting.UnknownIsolation(
          namespace, List.of(new Problem(source, display, field, reason, Severity.ERROR)));
    }
    return new Sighting.Valid(object);
  }

  /** Returns a form that allows no more than the object could mean (N10). */
  private static Optional<ClusterObject> failClosed(
      Optional<ClusterObject> read, Metadata metadata) {
    return read.flatMap(
            object ->
                switch (object) {
                  case ClusterObject.NetworkPolicy policy -> Optional.<ClusterObject>of(policy);
                  case ClusterObject.TieredPolicy policy -> Optional.<ClusterObject>of(policy);
                  case Namespace namespace when isolated(metadata) ->
                      Optional.of(
                          new Namespace(
                              namespace.key(), namespace.origin(), java.util.Map.of(), true));
                  case ClusterObject.Pod pod -> PodReader.closed(pod).map(closed -> closed);
                  case Namespace _, ClusterObject.Node _ -> Optional.<ClusterObject>empty();
                })
        .map(object -> object.withOrigin(object.origin().ofFailClosedForm()));
  }
}
