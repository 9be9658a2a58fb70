package io.portcullis.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FieldLinesTest {
  private static final String POLICY =
      """
      kind: NetworkPolicy
      metadata:
        name: web
        namespace: shop
      spec:
        ingress:
        - from:
          - podSelector: {}
        - ports:
            [{port: 80},
             {port: 81}]
      """;

  private static FieldLines lines(String text) {
    return FieldLines.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static OptionalInt web(String text, String field) {
    return lines(text).line("NetworkPolicy", "shop", "web", field);
  }

  @Test
  void aFieldHasItsLineOrThatOfWhatIsAroundIt() {
    assertThat(web(POLICY, "spec.ingress")).hasValue(6);
    assertThat(web(POLICY, "spec.ingress[0].from[0].podSelector")).hasValue(8);
    assertThat(web(POLICY, "spec.ingress[1].ports[1].port")).hasValue(11);
    assertThat(web(POLICY, "spec.ingress[2].ports")).as("no such rule").hasValue(6);
    assertThat(web(POLICY, "spec.egress")).as("not written").hasValue(5);
    assertThat(web(POLICY, "")).hasValue(1);
  }

  @Test
  void objectsOfLaterDocumentsAndOfListsAreFound() {
    assertThat(web("# a comment\n---\nkind: Pod\n---\n" + POLICY, "spec")).hasValue(9);
    assertThat(web("kind: List\nitems:\n- kind: Pod\n- " + POLICY.indent(2).strip(), "spec"))
        .hasValue(8);
    assertThat(
            web(
                "{\"kind\": \"NetworkPolicy\",\n \"metadata\": {\"name\": \"web\"},\n \"spec\": {}}",
                "spec"))
        .as("JSON, and a namespace that is not written")
        .hasValue(3);
  }

  @Test
  void whatIsNotThereOrCannotBeParsedHasNoLine() {
    assertThat(web(POLICY.replace("web", "other"), "spec")).isEmpty();
    assertThat(web(POLICY.replace("shop", "other"), "spec")).isEmpty();
    assertThat(web("{{ broken", "spec")).isEmpty();
    assertThat(web("{{ broken\n---\n" + POLICY, "spec")).hasValue(7);
    assertThat(web("", "spec")).isEmpty();
    assertThat(web("just text", "spec")).isEmpty();
  }
}
