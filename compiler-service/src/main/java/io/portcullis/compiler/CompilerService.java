package io.portcullis.compiler;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.compiler.publish.VersionSettings;
import io.portcullis.compiler.versions.VersionStore;
import io.portcullis.policy.rules.WideSetPolicy;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Starts the loop with the operator's settings, and ends it. */
final class CompilerService {

  @Produces
  @Singleton
  KafkaSettings kafka(
      @Identifier("default-kafka-broker") Map<String, Object> kafka, CompilerSettings settings) {
    return new KafkaSettings(kafka, settings.topicReplication());
  }

  @Produces
  @Singleton
  @Startup
  CompilerLoop loop(
      KafkaSettings kafka,
      CompilerSettings settings,
      @ConfigProperty(name = "quarkus.application.version") String build,
      MeterRegistry metrics) {
    var loop =
        new CompilerLoop(
            kafka,
            new VersionSettings(
                new VersionSettings.History(
                    settings.history().window(),
                    settings.history().bytes(),
                    settings.history().commitsPerSnapshot()),
                settings.nodeTopics().grace(),
                new WideSetPolicy(settings.wideSets().fewestNodes()),
                build),
            settings.exemptNamespaces().orElse(Set.of()),
            () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    gauge(
        metrics,
        "owned.shards",
        "Shards that this process writes",
        loop,
        l -> l.state().ownedShards().size());
    gauge(
        metrics,
        "cluster.whole",
        "Whether the cluster is known to be whole",
        loop,
        l -> l.state().whole() ? 1 : 0);
    gauge(
        metrics,
        "cluster.position",
        "Records of the cluster topic that were read",
        loop,
        l -> l.state().clusterPosition());
    gauge(
        metrics,
        "cluster.unavailable",
        "Whether the cluster topic cannot be read",
        loop,
        l -> l.state().unavailable().isPresent() ? 1 : 0);
    gauge(
        metrics,
        "cluster.unreadable",
        "Records of the cluster topic that cannot be read",
        loop,
        l -> l.state().unreadable().size());
    gauge(
        metrics,
        "address.conflicts",
        "Addresses that two pods have (T11)",
        loop,
        l -> l.state().conflicts().size());
    gauge(
        metrics,
        "failures",
        "Shards and nodes that cannot be written now",
        loop,
        l -> l.state().failures().size());
    gauge(
        metrics,
        "overloaded",
        "Whether the brokers take long, so that less is written at once",
        loop,
        l -> l.state().overloaded() ? 1 : 0);
    gauge(
        metrics,
        "behind",
        "Nodes and wide sets of the owned shards that may need another version",
        loop,
        l -> l.state().behind());
    FunctionCounter.builder("portcullis.compiler.take.overs", loop, CompilerLoop::takeOvers)
        .description("How often a shard was fenced and restored")
        .register(metrics);
    return loop;
  }

  private static void gauge(
      MeterRegistry metrics,
      String name,
      String what,
      CompilerLoop loop,
      ToDoubleFunction<CompilerLoop> value) {
    Gauge.builder("portcullis.compiler." + name, loop, value).description(what).register(metrics);
  }

  void end(@Disposes CompilerLoop loop) {
    loop.close();
  }

  @Produces
  @Singleton
  TopicAdmin admin(KafkaSettings kafka) {
    return new TopicAdmin(kafka);
  }

  void end(@Disposes TopicAdmin admin) {
    admin.close();
  }

  @Produces
  @Singleton
  VersionStore versions(KafkaSettings kafka, TopicAdmin admin) {
    return new VersionStore(new TopicReader(kafka, admin));
  }
}
