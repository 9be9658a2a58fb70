package io.portcullis.cli;

import static io.portcullis.cli.LintTexts.SHOP;
import static io.portcullis.cli.LintTexts.WEB;
import static io.portcullis.cli.LintTexts.policy;
import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintCommandTest {
  @TempDir Path root;
  private Path manifests;

  @BeforeEach
  void name() throws IOException {
    manifests = Files.createDirectory(root.resolve("manifests"));
  }

  @Test
  void aReportHasLinesReasonsAndASummary() throws IOException {
    var file =
        write(
            manifests,
            "a.yaml",
            documents(
                SHOP,
                policy(
                    "a",
                    """
                    podSelector: {}
                    ingress:
                    - from:
                      - namespaceSelector: {}
                      - podSelector: {}
                    """),
                Texts.BROKEN));
    var ran = lint();
    assertThat(ran.code()).isOne();
    assertThat(ran.out().lines())
        .startsWith(
            file
                + ":9: warning: NetworkPolicy/shop/a: spec.ingress[0].from: matches all pods of all"
                + " namespaces, and also all pods of the same namespace [separate-peers]")
        .anyMatch(line -> line.startsWith("    why: Two items of a list mean either of them"))
        .anyMatch(line -> line.startsWith("    do:  If only those pods were meant"))
        .anyMatch(
            line ->
                line.startsWith(
                    file
                        + ":18: error: NetworkPolicy/default/broken: spec.ingress[0].ports[0].port:"))
        .endsWith("1 error, 1 warning");
    assertThat(lint("--level", "error").out().lines().toList()).hasSize(2).endsWith("1 error");
  }

  @Test
  void programsReadJsonAndSarif() throws IOException {
    write(manifests, "an entry.yaml", policy("a", "podSelector: {}\npolicyTypes: [Egress]\n"));
    var json = new ObjectMapper().readTree(lint("--output", "json").out());
    assertThat(json.path("warnings").asInt()).isOne();
    assertThat(json.at("/findings/0/check").asText()).isEqualTo("egress-without-dns");
    assertThat(json.at("/findings/0/line").asInt()).isEqualTo(4);
    var sarif = new ObjectMapper().readTree(lint("--output", "sarif").out());
    assertThat(sarif.path("version").asText()).isEqualTo("2.1.0");
    var result = sarif.at("/runs/0/results/0");
    assertThat(result.path("ruleId").asText()).isEqualTo("egress-without-dns");
    assertThat(result.path("level").asText()).isEqualTo("warning");
    assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .endsWith("/manifests/an%20entry.yaml");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(4);
    assertThat(sarif.at("/runs/0/tool/driver/rules").findValuesAsText("id"))
        .contains("egress-without-dns", "refused", "no-effect", "not-counted")
        .doesNotHaveDuplicates();
  }

  @Test
  void wellMeantPoliciesAreNotTalkedAbout() throws IOException {
    write(
        manifests,
        "a.yaml",
        documents(
            SHOP, WEB, policy("a", "podSelector: {}\npolicyTypes: [Ingress]\ningress: [{}]\n")));
    assertThat(lint()).isEqualTo(new Ran(0, "nothing found\n", ""));
  }

  @Test
  void badInputIsAnErrorAndNeverSilent() throws IOException {
    assertThat(lint())
        .isEqualTo(new Ran(2, "", "portcullis: --manifests " + manifests + ": no object at all\n"));
    write(manifests, "half.yaml", "kind: NetworkPolicy\nmetadata: {name: ");
    assertThat(lint().code()).isOne();
    assertThat(lint().out()).contains("half.yaml:", " error: ", "[refused]").endsWith("1 error\n");
    write(manifests, "half.yaml", documents(SHOP, "kind: NetworkPolicy\nmetadata: {name: "));
    assertThat(lint().out())
        .as("what the same file holds besides is no earlier form")
        .contains("; not enforced at all [refused]");
    assertThat(portcullis("lint", "--manifests", root.resolve("none")).code()).isEqualTo(2);
  }

  @Test
  void standardInputIsRead() {
    var before = System.in;
    System.setIn(
        new ByteArrayInputStream(
            policy("a", "podSelector: {}\npolicyTypes: [Egress]\n")
                .getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(portcullis("lint", "--manifests", "-").out())
          .startsWith("-: warning: NetworkPolicy/shop/a: spec.egress: ");
    } finally {
      System.setIn(before);
    }
  }

  private Ran lint(String... more) {
    var arguments =
        Stream.concat(Stream.of("lint", "--manifests", manifests.toString()), Stream.of(more));
    return portcullis(arguments.toArray());
  }
}
