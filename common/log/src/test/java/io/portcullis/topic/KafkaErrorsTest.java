package io.portcullis.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaErrorsTest {
  private static final List<String> ASKED = List.of("asked");

  @Test
  void refusalOfTopicNamesOperationTopicAndRemedy() {
    var byKafka = new TopicAuthorizationException(Set.of("portcullis.cluster"));
    assertThat(KafkaErrors.reason(byKafka, "Read", ASKED))
        .contains("Read of topic portcullis.cluster", "deploy/kafka/README.md");
    var nameless = new TopicAuthorizationException("Authorization failed.");
    assertThat(KafkaErrors.reason(nameless, "Create", ASKED)).contains("Create of topic asked");
  }

  @Test
  void refusalIsFoundBehindOthersAndKeepsItsFirstName() {
    var refused = new TopicAuthorizationException("Authorization failed.");
    var inTransaction = new ExecutionException(new KafkaException("error state", refused));
    assertThat(KafkaErrors.reason(inTransaction, "Write", ASKED)).contains("Write of topic asked");
    assertThat(KafkaErrors.isRefusal(inTransaction)).isTrue();
    var named = KafkaErrors.named(refused, "AlterConfigs", ASKED);
    assertThat(KafkaErrors.reason(named, "Write", List.of("another")))
        .contains("AlterConfigs of topic asked");
  }

  @Test
  void groupsPasswordsAndCertificatesAreTold() {
    assertThat(
            KafkaErrors.reason(
                GroupAuthorizationException.forGroupId("portcullis-compiler"), "Read", ASKED))
        .contains("Read of group portcullis-compiler");
    assertThat(KafkaErrors.reason(new SaslAuthenticationException("no"), "Read", ASKED))
        .contains("password", "KAFKA_SASL_JAAS_CONFIG");
    assertThat(
            KafkaErrors.reason(
                new SslAuthenticationException(
                    "SSL handshake failed", new SSLHandshakeException("no path to a root")),
                "Read",
                ASKED))
        .contains("no path to a root", "KAFKA_SSL_TRUSTSTORE");
  }

  @Test
  void brokerThatIsAwayRefusesNothing() {
    var away = new TimeoutException("no node");
    assertThat(KafkaErrors.isRefusal(away)).isFalse();
    assertThat(KafkaErrors.reason(away, "Read", ASKED)).isEqualTo("no node");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Module required password=\"hid\"den\";",
        "Module required password=hid=den;",
        "Module hidden password=\"x\";",
        "hidden",
        "Module required password=\"hidden"
      })
  void loginThatCannotBeParsedIsNotQuoted(String login) {
    var settings =
        new KafkaSettings(
            Map.of(
                "bootstrap.servers", "127.0.0.1:1",
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "SCRAM-SHA-512",
                "sasl.jaas.config", login));
    assertThatThrownBy(() -> new TopicAdmin(settings).close())
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("KAFKA_SASL_JAAS_CONFIG")
        .satisfies(e -> assertThat(trace(e)).doesNotContain("hid").doesNotContain("den\""));
  }

  private static String trace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
