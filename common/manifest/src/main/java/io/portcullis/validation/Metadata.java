package io.portcullis.validation;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The {@code metadata} of an object, validated as the API server does.
 *
 * @param createdMicros creationTimestamp in microseconds since 1970, or 0
 * @param owner the controlling owner as {@code Kind/name}, or nothing
 */
record Metadata(
    SortedMap<String, String> labels,
    SortedMap<String, String> annotations,
    String uid,
    long generation,
    long createdMicros,
    String owner) {
  private static final int MAX_ANNOTATIONS_BYTES = 256 * 1024;
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "generateName",
          "namespace",
          "selfLink",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "labels",
          "annotations",
          "ownerReferences",
          "finalizers",
          "initializers",
          "clusterName",
          "managedFields");

  /** These fields have no meaning here, but the server decodes them as strings. */
  private static final Set<String> TEXTS = Set.of("generateName", "selfLink", "resourceVersion");

  static Metadata read(Kind kind, Field metadata) {
    metadata.isObject();
    metadata.hasOnly(FIELDS);
    names(kind, metadata);
    TEXTS.forEach(name -> metadata.child(name).text());
    var owner = owner(metadata.child("ownerReferences"));
    finalizers(metadata.child("finalizers"));
    return new Metadata(
        labels(metadata.child("labels")),
        annotations(metadata.child("annotations")),
        metadata.child("uid").text().orElse(""),
        generation(metadata.child("generation")),
        micros(metadata.child("creationTimestamp")),
        owner);
  }

  private static void names(Kind kind, Field metadata) {
    var name = metadata.child("name");
    name.text().ifPresent(text -> name.invalid(kind.nameFaults(text)));
    var namespace = metadata.child("namespace");
    switch (kind.scope()) {
      case NAMESPACED ->
          namespace
              .text()
              .filter(text -> !text.isEmpty())
              .ifPresent(text -> namespace.invalid(NameSyntax.dnsLabel(text)));
      case CLUSTER -> {
        if (!namespace.text().orElse("").isEmpty()) {
          namespace.warn("not allowed on this type, it means nothing");
        }
      }
    }
  }

  /** Checks the owners, and returns the controlling one as {@code Kind/name}, or nothing. */
  private static String owner(Field list) {
    var controlling = "";
    for (var owner : list.items()) {
      if (!owner.isObject()) {
        continue;
      }
      notEmpty(owner.child("apiVersion"), "version must not be empty");
      for (var name : List.of("kind", "name", "uid")) {
        notEmpty(owner.child(name), "must not be empty");
      }
      var kind = owner.child("kind");
      var name = owner.child("name");
      if (owner.child("controller").bool().orElse(false) && kind.isText() && name.isText()) {
        controlling = kind.text().orElse("") + "/" + name.text().orElse("");
      }
    }
    return controlling;
  }

  private static void notEmpty(Field field, String demand) {
    if (!field.present() || field.text().filter(String::isEmpty).isPresent()) {
      field.invalid("", List.of(demand));
    }
  }

  /** Checks finalizers; the server reports the list, not the item. */
  private static void finalizers(Field list) {
    for (var item : list.items()) {
      item.text().ifPresent(name -> list.invalid(name, NameSyntax.qualifiedName(name)));
    }
  }

  private static SortedMap<String, String> labels(Field field) {
    var labels = field.texts();
    validateLabels(labels, field);
    return labels;
  }

  static void validateLabels(Map<String, String> labels, Field field) {
    labels.forEach(
        (key, value) -> {
          field.invalid(key, NameSyntax.qualifiedName(key));
          field.invalid(value, NameSyntax.labelValue(value));
        });
  }

  private static SortedMap<String, String> annotations(Field field) {
    var annotations = field.texts();
    var bytes = 0L;
    for (var entry : annotations.entrySet()) {
      field.invalid(
          entry.getKey(), NameSyntax.qualifiedName(entry.getKey().toLowerCase(Locale.ROOT)));
      bytes += utf8(entry.getKey()) + utf8(entry.getValue());
    }
    if (bytes > MAX_ANNOTATIONS_BYTES) {
      field.tooLong(MAX_ANNOTATIONS_BYTES);
    }
    return annotations;
  }

  private static long utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  private static long generation(Field field) {
    var generation = field.whole().orElse(0L);
    if (generation < 0) {
      field.invalid("must be greater than or equal to 0");
    }
    return generation;
  }

  private static long micros(Field field) {
    var text = field.text();
    if (text.isEmpty()) {
      return 0;
    }
    try {
      var instant = OffsetDateTime.parse(text.get()).toInstant();
      return ChronoUnit.MICROS.between(java.time.Instant.EPOCH, instant);
    } catch (DateTimeException | ArithmeticException e) {
      field.invalid(List.of("must be a date and time of RFC 3339, as 2026-01-31T12:00:00Z"));
      return 0;
    }
  }
}
