package io.portcullis.policy.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.net.Protocol;
import io.portcullis.policy.explain.Question.Party;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionTest {

  @Test
  void podsAreNamedAndAddressesParsed() {
    assertThat(Question.parse("shop/web", "FD00::5", "SCTP/9"))
        .isEqualTo(
            new Question(
                new Party.NamedPod(ObjectKey.pod("shop", "web")),
                new Party.Address(IpAddress.parse("fd00::5")),
                Optional.of(new Flow.Port(Protocol.SCTP, 9))));
  }

  @ParameterizedTest
  @CsvSource({"icmp", "ICMP", "icmpv6"})
  void icmpHasNoPort(String port) {
    assertThat(Question.parse("10.0.0.1", "10.0.0.2", port).port()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "web, 10.0.0.1, tcp/80, from: neither",
    "a/b/c, 10.0.0.1, tcp/80, from: neither",
    "/web, 10.0.0.1, tcp/80, from: neither",
    "10.0.0.1, 10.0.0, tcp/80, to: neither",
    "10.0.0.1, ::ffff:10.0.0.1, tcp/80, to: neither",
    "10.0.0.1, 10.0.0.2, tcp/0, port: not",
    "10.0.0.1, 10.0.0.2, tcp/65536, port: not",
    "10.0.0.1, 10.0.0.2, tcp/+80, port: not",
    "10.0.0.1, 10.0.0.2, tcp, port: not",
    "10.0.0.1, 10.0.0.2, 80, port: not",
    "10.0.0.1, 10.0.0.2, icmp/8, port: not",
  })
  void whatIsNoQuestionIsToldByField(String from, String to, String port, String told) {
    assertThatThrownBy(() -> Question.parse(from, to, port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(told);
  }
}
