package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.pod;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.nft.DumpReader;
import io.portcullis.nft.NamespaceOfTest;
import io.portcullis.nft.NftRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The files as the real nft takes them, in a network namespace of its own. */
class CompiledFileTest {
  @RegisterExtension final NamespaceOfTest namespace = new NamespaceOfTest();

  @TempDir Path root;

  @Test
  void theKernelHoldsWhatTheHeadersDigestSaysAlsoWhenItIsLoadedOverItself() throws IOException {
    write(root, "ns.yaml", Texts.seedNamespaceNamed("default"));
    write(root, "policy.yaml", Texts.SEED_POLICY);
    write(
        root,
        "pods.yaml",
        documents(
            pod("db", "n1", "10.1.0.5", "fd00::5"), pod("frontend", "n2", "10.1.0.6", "fd00::6")));
    var file = compiled(0);
    load(file);
    load(file);
    var digest = DumpReader.read(namespace.listing(NftRenderer.TABLE)).digest().hex();
    assertThat(Files.readString(file))
        .contains("# digest " + digest + "\n")
        .contains("  # NetworkPolicy/default/test-network-policy", "  # to default/db\n")
        .contains("    # NetworkPolicy/default/test-network-policy#0\n    tcp dport 6379 ip saddr");
    assertThat(namespace.run("", "nft", "list", "table", "inet", NftRenderer.TABLE).orThrow())
        .contains("10.1.0.5 : goto in_", "fd00::5 : goto in_", "tcp dport 6379");
  }

  @Test
  void aTenantsNamesAndAnnotationsNeverBecomeSyntax() throws IOException {
    var evil = "}\\nflush ruleset\\ntable inet evil { } #";
    write(
        root,
        "evil.yaml",
        documents(
            pod("\"" + evil + "\"", "n1", "10.1.0.5"),
            pod("labelled", "n1", "10.1.0.6").replace("role: labelled", "role: \"" + evil + "\""),
            pod("placed", evil, "10.1.0.7"),
            pod("escaping", "../../n9", "10.1.0.8"),
            pod("addressed", "n1", evil),
            pod("annotated", "n1", "10.1.0.9")
                .replace("labels", "annotations: {note: \"" + evil + "\"}, labels"),
            Texts.SEED_POLICY.replace("name: test-network-policy", "name: \"" + evil + "\""),
            Texts.SEED_POLICY.replace("port: 6379", "port: \"" + evil + "\"")));
    var file = compiled(1);
    assertThat(Files.readString(file))
        .contains("10.1.0.9 . 10.1.0.9")
        .contains("10.1.0.6 : goto in_", "10.1.0.6 : goto out_") // refused, so it is closed
        .doesNotContain("flush", "evil", "10.1.0.5", "10.1.0.7", "10.1.0.8");
    try (var files = Files.list(root.resolve("out"))) {
      assertThat(files).containsExactly(file);
    }
    namespace.load("table inet bystander { }\n");
    load(file);
    assertThat(namespace.run("", "nft", "list", "tables").orThrow().lines())
        .containsExactly("table inet bystander", "table inet portcullis");
  }

  private Path compiled(int code) {
    var out = root.resolve("out");
    var ran = portcullis("compile", "--manifests", root, "--out", out);
    assertThat(ran.code()).as(ran.err()).isEqualTo(code);
    assertThat(ran.err()).doesNotContain("\nflush");
    return out.resolve("n1.nft");
  }

  private void load(Path file) {
    namespace.run("", "nft", "-c", "-f", file.toString()).orThrow();
    namespace.run("", "nft", "-f", file.toString()).orThrow();
  }
}
