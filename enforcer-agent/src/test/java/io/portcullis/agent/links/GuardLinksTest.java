package io.portcullis.agent.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class GuardLinksTest {
  @Test
  void c1_aPatternIsANameOrItsBeginning() {
    var links = GuardLinks.parse(List.of("cali*", " eth7", ""));
    assertThat(links.match("cali1a2b")).isTrue();
    assertThat(links.match("cali")).isTrue();
    assertThat(links.match("eth7")).isTrue();
    assertThat(links.match("eth71")).isFalse();
    assertThat(links.match("vxlan.calico")).isFalse();
  }

  @Test
  void c1_whatAnotherPatternCoversIsLeftOut() {
    var texts = List.of("veth*", "veth1", "ve*", "vethernet*", "cali*", "cali*");
    assertThat(GuardLinks.parse(texts).patterns()).containsExactly("cali*", "ve*");
  }

  @Test
  void c1_whatNftWouldTakeForSyntaxIsRefused() {
    for (var text : List.of("*", "a*b", "**", "a\"", "a b", "a{", "{ }", "x".repeat(16), "a**")) {
      assertThatIllegalArgumentException()
          .as(text)
          .isThrownBy(() -> GuardLinks.parse(List.of(text)))
          .withMessageContaining("PORTCULLIS_GUARD_LINKS");
    }
  }
}
