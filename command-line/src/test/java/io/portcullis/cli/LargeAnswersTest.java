package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are about too many pairs to list each. */
class LargeAnswersTest {
  private static final int PODS = 320;
  private static final String POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed}
      spec: {podSelector: {}, policyTypes: [Ingress]}
      """;

  @TempDir Path folder;
  private Path manifests;

  @BeforeEach
  void writePods() throws IOException {
    manifests = folder.resolve("manifests");
    var documents = new ArrayList<String>();
    documents.add(Texts.node("node-1"));
    documents.add(Texts.node("node-2"));
    for (var i = 0; i < PODS; i++) {
      documents.add(
          Texts.pod(
              "pod-" + i, "node-" + (1 + i % 2), "10.0.%d.%d".formatted(i / 200, i % 200 + 1)));
    }
    write(manifests, "pods.yaml", Texts.documents(documents.toArray(String[]::new)));
    write(folder, "change.yaml", POLICY);
  }

  @Test
  void aChangeForAllPodsIsToldInGroups() {
    var told = preview();
    assertThat(told.code()).isZero();
    assertThat(told.out())
        .contains("default/pod-0, default/pod-1 and 319 more") // the last one is all networks
        .contains("default/pod-0, default/pod-1 and 318 more")
        .contains("isolated by NetworkPolicy/default/closed")
        .endsWith(
            "0 groups opened, 1 closed, because there are too many flows to list them pair by"
                + " pair\n");
    assertThat(preview("--output", "json").out())
        .startsWith("{\"groups\":[\n{\"effect\":\"closed\",\"sources\":[{\"kind\":\"pods\"")
        .endsWith("}\n]}\n");
  }

  @Test
  void formsThatListEachPairAreRefused() {
    var told = preview("--output", "csv");
    assertThat(told.code()).isEqualTo(2);
    assertThat(told.out()).isEmpty();
    assertThat(told.err()).contains("--output: there are too many flows");
  }

  @Test
  void groupsAreHeldAgainstWhatIsExpected() throws IOException {
    assertThat(expecting("closed * -> default/* on all").code()).isZero();
    var less = expecting("closed default/* -> default/* on all");
    assertThat(less.code()).isEqualTo(3);
    assertThat(less.err())
        .contains("not expected: closed anywhere")
        .contains("-> default/pod-0 on all, and others like it")
        .doesNotContain("not done");
    var more =
        expecting("closed * -> default/* on all\nclosed default/pod-7 -> default/pod-7 on tcp/1");
    assertThat(more.code()).isEqualTo(3);
    assertThat(more.err())
        .isEqualTo("expected, but not done: closed default/pod-7 -> default/pod-7 on tcp/1\n");
  }

  private Ran expecting(String lines) throws IOException {
    return preview("--expect", write(folder, "expected", lines).toString());
  }

  @Test
  void pairsAreCountedByNamespace() {
    assertThat(counts().out())
        .isEqualTo("SOURCE       DESTINATION  OPEN\ndefault      default      102080 of 102080\n");
    assertThat(counts("--to", "default/pod-7", "--port", "tcp/80", "--output", "csv").out())
        .isEqualTo("family,source,destination,open,pairs\nIPv4,default,default,319,319\n");
    assertThat(counts("--from", "default/pod-1", "--output", "json").out())
        .isEqualTo(
            "{\"counts\":[\n{\"family\":\"IPv4\",\"source\":\"default\",\"destination\":\"default\",\"open\":319,\"pairs\":319}\n]}\n");
    assertThat(counts("--output", "dot").code()).isEqualTo(2);
  }

  @Test
  void nothingIsCountedWhereNothingIsOpen() throws IOException {
    write(manifests, "closed.yaml", POLICY);
    assertThat(counts()).isEqualTo(new Ran(0, "nothing is allowed\n", ""));
    assertThat(counts("--output", "json").out()).isEqualTo("{\"counts\":[\n]}\n");
  }

  private Ran counts(String... options) {
    var all = new ArrayList<Object>(List.of("reach", "--counts", "--manifests", manifests));
    all.addAll(List.of(options));
    return portcullis(all.toArray());
  }

  private Ran preview(String... options) {
    var all =
        new ArrayList<Object>(
            List.of("preview", "-f", folder.resolve("change.yaml"), "--manifests", manifests));
    all.addAll(List.of(options));
    return portcullis(all.toArray());
  }
}
