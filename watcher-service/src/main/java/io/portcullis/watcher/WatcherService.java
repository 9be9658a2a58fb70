package io.portcullis.watcher;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.cluster.KnownKind;
import io.portcullis.sighting.Severity;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.WatcherLoop.Input;
import io.portcullis.watcher.apiserver.Fabric8ApiServer;
import io.portcullis.watcher.directory.ManifestDirectory;
import io.portcullis.watcher.kubernetes.KubernetesSource;
import io.portcullis.watcher.source.Source;
import io.portcullis.watcher.status.StatusWriter;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Starts the loop with the operator's settings, and ends it. */
final class WatcherService {

  @Produces
  @Singleton
  @Startup
  WatcherLoop loop(
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      WatcherSettings settings,
      Instance<KubernetesClient> kubernetes,
      MeterRegistry metrics) {
    LongSupplier clockMicros = () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    var loop =
        new WatcherLoop(
            new KafkaSettings(kafka, settings.topicReplication()),
            input(settings, kubernetes, clockMicros),
            clockMicros);
    for (var severity : Severity.values()) {
      Gauge.builder("portcullis.watcher.problems", loop, l -> l.problems(severity))
          .description("Problems of the source's objects")
          .tag("severity", severity.name().toLowerCase(Locale.ROOT))
          .register(metrics);
    }
    Gauge.builder("portcullis.watcher.owner", loop, l -> l.state().owner() ? 1 : 0)
        .description("Whether this process writes the cluster topic")
        .register(metrics);
    Gauge.builder("portcullis.watcher.source.lost", loop, l -> l.state().lost().isPresent() ? 1 : 0)
        .description("Whether the source cannot be read")
        .register(metrics);
    Gauge.builder("portcullis.watcher.kafka.lost", loop, l -> l.state().kafka().isPresent() ? 1 : 0)
        .description("Whether Kafka cannot be reached")
        .register(metrics);
    Gauge.builder("portcullis.watcher.overloaded", loop, l -> l.state().overloaded() ? 1 : 0)
        .description("Whether the brokers take long for a transaction")
        .register(metrics);
    for (var kind : Kind.tiered()) {
      for (var state : KnownKind.State.values()) {
        if (state.isFrozen()) {
          Gauge.builder(
                  "portcullis.watcher.kind.frozen", loop, l -> l.isReported(kind, state) ? 1 : 0)
              .description("Whether a kind cannot be read, so that its objects stay as they were")
              .tag("kind", kind.kind())
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(metrics);
        }
      }
    }
    return loop;
  }

  private static Set<Kind> forgettable(WatcherSettings settings) {
    return settings.forgetKinds().orElse(List.of()).stream()
        .map(
            name ->
                Kind.named(name.strip())
                    .filter(Kind.tiered()::contains)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "PORTCULLIS_FORGET_KINDS names "
                                    + name
                                    + ", which is none of "
                                    + Kind.tiered().stream().map(Kind::kind).toList())))
        .collect(Collectors.toSet());
  }

  private static Input input(
      WatcherSettings settings, Instance<KubernetesClient> kubernetes, LongSupplier clockMicros) {
    var kind = settings.source().name().toLowerCase(Locale.ROOT);
    return switch (settings.source()) {
      case KUBERNETES -> {
        var server = new Fabric8ApiServer(kubernetes.get());
        var status = new StatusWriter(server, Instant::now);
        yield new Input(
            kind,
            new KubernetesSource(server, status, clockMicros, forgettable(settings)),
            Optional.of(status));
      }
      case MANIFESTS ->
          new Input(kind, directory(settings.manifests(), clockMicros), Optional.empty());
    };
  }

  private static Source directory(Optional<Path> manifests, LongSupplier clockMicros) {
    var root =
        manifests.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "PORTCULLIS_MANIFESTS is not set. It names the directory of manifests."));
    return new ManifestDirectory(root, clockMicros);
  }

  void end(@Disposes WatcherLoop loop) {
    loop.close();
  }
}
