package io.portcullis.agent.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerNamesTest {
  @Test
  void c1_brokersByAddressNeedNoDns() {
    for (var brokers :
        List.of(
            "192.0.2.1:9092",
            "192.0.2.1:9092, 192.0.2.2:9093",
            "[2001:db8::1]:9092",
            "SSL://192.0.2.1:9093",
            "SASL_SSL://[2001:db8::1]:9093",
            "")) {
      assertThat(BrokerNames.deadlock(brokers)).as(brokers).isEmpty();
    }
  }

  @Test
  void c1_theFirstNameIsTold() {
    assertThat(BrokerNames.deadlock("192.0.2.1:9092,kafka.kafka.svc:9092,other:9092"))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("kafka.kafka.svc:9092", "PORTCULLIS_CNI_RESULTS")
                    .doesNotContain("other"));
  }
}
