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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachCommandTest {
  @TempDir Path manifests;

  @BeforeEach
  void writeTheSeed() throws IOException {
    Texts.writeSeed(manifests);
  }

  @Test
  void peopleReadWhoReachesWhomAndWhichRuleAllowsIt() {
    assertThat(reach("--to", "default/db"))
        .isEqualTo(
            new Ran(
                0,
                """
                SOURCE            DESTINATION  PORTS     ALLOWED BY
                default/frontend  default/db   tcp/6379  ingress NetworkPolicy/default/test-network-policy#0
                """,
                ""));
  }

  @Test
  void outsideNetworksAreNamedAsPoliciesNameThem() throws IOException {
    write(
        manifests,
        "block.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: block}
        spec:
          podSelector: {matchLabels: {role: db}}
          ingress:
            - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
              ports: [{port: 5432}]
        """);
    assertThat(reach("--from", "outside", "--to", "default/db").out())
        .isEqualTo(
            """
            SOURCE                         DESTINATION  PORTS     ALLOWED BY
            10.0.0.0/8 except 10.1.0.0/16  default/db   tcp/5432  ingress NetworkPolicy/default/block#0
            """);
    assertThat(reach("--from", "10.1.2.3", "--to", "default/db"))
        .isEqualTo(new Ran(0, "nothing is allowed\n", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "default/frontend, default/db, tcp/6379, 1",
    "default/frontend, default/db, tcp/6380, 0",
    "default/f*, default, tcp, 1",
    "10.1.0.6, 10.1.0.5, tcp/6000-7000, 1",
    "10.1.0.0/24, default/db, tcp, 1",
    "default/db, outside, icmp, 1",
    "default/db, 192.0.2.0/24, udp/53, 1",
    "nodes, default/db, tcp, 0",
  })
  void aQuestionIsAboutItsEndsAndPortsAlone(String from, String to, String port, int flows) {
    var ran = reach("--from", from, "--to", to, "--port", port, "--output", "csv");
    assertThat(ran.out().lines().skip(1)).hasSize(flows);
    assertThat(ran.code()).isZero();
  }

  @Test
  void programsReadJsonCsvAndDot() {
    assertThat(reach("--to", "default/db", "--output", "json").out())
        .isEqualTo(
            "{\"flows\":[{\"effect\":\"allowed\","
                + "\"source\":{\"kind\":\"pods\",\"name\":\"default/frontend\",\"pods\":1,\"of\":1},"
                + "\"destination\":{\"kind\":\"pods\",\"name\":\"default/db\",\"pods\":1,\"of\":1},"
                + "\"ports\":[\"tcp/6379\"],\"families\":[\"IPv4\"],"
                + "\"now\":{\"egress\":[{\"by\":\"nobody\",\"allows\":true,\"names\":[]}],"
                + "\"ingress\":[{\"by\":\"rule\",\"allows\":true,"
                + "\"names\":[\"NetworkPolicy/default/test-network-policy#0\"]}]}}]}\n");
    assertThat(reach("--to", "default/db", "--output", "csv").out().lines().skip(1))
        .containsExactly(
            "allowed,default/frontend,1,default/db,1,tcp/6379,IPv4,"
                + "ingress NetworkPolicy/default/test-network-policy#0,");
    assertThat(reach("--to", "default/db", "--output", "dot").out())
        .contains("\"default/frontend\" -> \"default/db\" [label=\"tcp/6379\"];");
  }

  @Test
  void refusedObjectsAreTheExitCode() throws IOException {
    write(manifests, "broken.yaml", Texts.BROKEN);
    var ran = reach("--to", "default/db");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.told()).singleElement().asString().contains("NetworkPolicy/default/broken");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--to | default/dbb | --to default/dbb: no pod with an address of its own, workload, namespace or network of that name; near: default/db",
        "--from | prod | --from prod: no pod",
        "--port | tcp/http | --port: not ports such as tcp/80",
        "--port | tcp/99999 | --port: not a range of ports: 99999-99999",
      })
  void aQuestionWithoutAnAnswerEndsWithTwoAndTheReason(String option, String value, String why) {
    var ran = reach(option, value);
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("portcullis: " + why);
  }

  @ParameterizedTest
  @CsvSource({"'kind: [', half.yaml", "'{\"kind\": \"Pod\", ', half.json"})
  void halfAFileGivesNoAnswerThatLooksWhole(String text, String name) throws IOException {
    write(manifests, name, text);
    var ran = reach();
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains(name).contains("parts of the manifests cannot be read");
  }

  @Test
  void tenThousandDocumentsAreReadOrNoneOfThem() throws IOException {
    var many = new StringBuilder();
    for (var i = 0; i < 10_000; i++) {
      many.append("---\n").append(Texts.SEED_POLICY.replace("test-network-policy", "policy-" + i));
    }
    write(manifests, "many.yaml", many.toString());
    assertThat(reach("--to", "default/db", "--output", "csv").out().lines().skip(1))
        .singleElement()
        .asString()
        .startsWith("allowed,default/frontend,1,default/db,1,tcp/6379,IPv4,")
        .endsWith("#0 and 9999 more\",");
    write(manifests, "many.yaml", many + "---\nkind: [");
    var ran = reach("--to", "default/db");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }

  private Ran reach(String... options) {
    var all = new ArrayList<Object>(List.of("reach", "--manifests", manifests));
    all.addAll(List.of(options));
    return portcullis(all.toArray());
  }
}
