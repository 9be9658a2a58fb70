package io.portcullis.compiler;

import io.portcullis.compiler.past.Versions;
import io.portcullis.compiler.publish.VersionSettings;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Starts the loop with what the operator set, and ends it. */
final class CompilerService {

  @Produces
  @Singleton
  KafkaSettings kafka(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    return new KafkaSettings(kafka);
  }

  @Produces
  @Singleton
  @Startup
  CompilerLoop loop(
      KafkaSettings kafka,
      CompilerSettings settings,
      @ConfigProperty(name = "quarkus.application.version") String build) {
    return new CompilerLoop(
        kafka,
        new VersionSettings(
            settings.history().window(), settings.history().commitsPerSnapshot(), build),
        settings.exemptNamespaces().orElse(Set.of()),
        () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
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
  Versions versions(KafkaSettings kafka, TopicAdmin admin) {
    return new Versions(new TopicReader(kafka, admin));
  }
}
