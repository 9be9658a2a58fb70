package io.portcullis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject.TieredPolicy;
import io.portcullis.oracle.WrittenPolicies;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Compares what is read from tiered policies with the second reading of the specification. */
class WrittenPoliciesTest {
  @Test
  void a6_a7_a8_a9_policiesMeanWhatTheSpecificationSays() {
    LongStream.rangeClosed(1, 3000)
        .boxed()
        .flatMap(seed -> WrittenPolicies.of(seed).stream())
        .forEach(
            written -> {
              var read = Manifests.shown(TieredPolicy.class, written.manifest());
              assertThat(read.withOrigin(written.meaning().origin()))
                  .as(written.manifest())
                  .isEqualTo(written.meaning());
            });
  }
}
