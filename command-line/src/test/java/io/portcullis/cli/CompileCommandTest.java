package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.documents;
import static io.portcullis.cli.Texts.node;
import static io.portcullis.cli.Texts.pod;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompileCommandTest {
  @TempDir Path root;
  private Path manifests;
  private Path out;

  @BeforeEach
  void name() throws IOException {
    manifests = Files.createDirectory(root.resolve("manifests"));
    out = root.resolve("out");
  }

  @Test
  void everyNodeGetsAFileWhetherItHasAnObjectOrOnlyAPod() throws IOException {
    write(manifests, "a.yaml", documents(node("n1"), pod("db", "n2", "10.1.0.5")));
    var ran = compile();
    assertThat(ran).isEqualTo(new Ran(0, file("n1") + "\n" + file("n2") + "\n", ""));
    assertThat(Files.readString(file("n2"))).startsWith("# Portcullis: node n2");
    assertThat(listed(out)).containsExactly("n1.nft", "n2.nft");
  }

  @Test
  void onlyTheNodeThatIsAskedForGetsAFile() throws IOException {
    write(manifests, "a.yaml", documents(node("n1"), node("n2")));
    assertThat(compile("--node", "n2").code()).isZero();
    assertThat(listed(out)).containsExactly("n2.nft");
  }

  @Test
  void aNodeThatIsNotKnownIsToldWithThoseThatAre() throws IOException {
    write(manifests, "a.yaml", documents(node("n1"), node("n2")));
    assertThat(compile("--node", "../n1"))
        .isEqualTo(new Ran(2, "", "portcullis: --node ../n1: no such node; there are: n1, n2\n"));
    assertThat(out).doesNotExist();
  }

  @Test
  void l6_theSeedsNamespaceIsRefusedByNameAndReasonAndAllElseIsCompiled() throws IOException {
    write(manifests, "ns.yaml", Texts.SEED_NAMESPACE);
    write(manifests, "policy.yaml", Texts.SEED_POLICY);
    write(manifests, "pods.yaml", pod("db", "n1", "10.1.0.5"));
    var ran = compile();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.told())
        .containsExactly(
            manifests.resolve("ns.yaml")
                + ": Namespace/?: metadata.name: Required value: name or generateName is required;"
                + " not enforced at all");
    assertThat(file("n1")).exists();
  }

  @Test
  void n10_aBrokenFileHarmsOnlyItselfAndItsPolicyFailsClosed() throws IOException {
    write(manifests, "deep/er/broken.yaml", Texts.BROKEN);
    write(manifests, "torn.yaml", "kind: Pod\nmetadata: {name: [\n");
    write(manifests, "pods.yaml", pod("frontend", "n1", "10.1.0.5"));
    var ran = compile();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.told()).hasSize(2);
    assertThat(ran.told().getFirst())
        .isEqualTo(
            manifests.resolve("deep/er/broken.yaml")
                + ": NetworkPolicy/default/broken: spec.ingress[0].ports[0].port:"
                + " Invalid value: 99999: must be between 1 and 65535, inclusive; closed:"
                + " isolates the pods that it selects, for ingress, and its refused rules allow"
                + " nothing");
    assertThat(ran.told().getLast())
        .startsWith(manifests.resolve("torn.yaml") + ": document 1 (line 1): ")
        .endsWith("; not enforced at all");
    assertThat(Files.readString(file("n1")))
        .contains("10.1.0.5 : goto in_", "    counter goto isolated_in_v4");
  }

  @Test
  void theFilesAreTheSameWhateverTheOrderOfFilesAndDocuments() throws IOException {
    var documents =
        new ArrayList<>(List.of(Texts.SEED_POLICY, Texts.seedNamespaceNamed("default")));
    for (var i = 1; i < 8; i++) {
      var role = i % 2 == 0 ? "db" : "frontend";
      documents.add(
          pod("p" + i, "n" + i % 3, "10.1.0." + i, "fd00::" + i)
              .replace("role: p" + i, "role: " + role));
    }
    write(manifests, "all.yaml", documents(documents.toArray(String[]::new)));
    assertThat(compile().code()).isZero();
    var expected = contents(out);
    assertThat(expected).hasSize(3);
    for (var seed = 0; seed < 10; seed++) {
      var random = new Random(seed);
      Collections.shuffle(documents, random);
      var shuffled = Files.createDirectory(root.resolve("shuffled-" + seed));
      for (var i = 0; i < documents.size(); i += 2) {
        var two = documents.subList(i, Math.min(i + 2, documents.size()));
        write(
            shuffled,
            random.nextInt(1_000) + "-" + i + ".yaml",
            documents(two.toArray(String[]::new)));
      }
      var other = root.resolve("out-" + seed);
      assertThat(portcullis("compile", "--manifests", shuffled, "--out", other).code()).isZero();
      assertThat(contents(other)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void withoutOutManifestsAreOnlyCheckedAndNeedNoCluster() throws IOException {
    write(manifests, "policy.yaml", Texts.SEED_POLICY);
    assertThat(check()).isEqualTo(new Ran(0, "1 valid, 0 refused, 0 warnings\n", ""));
    write(manifests, "broken.yaml", Texts.BROKEN);
    write(
        manifests,
        "other.yaml",
        "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: b}}\n");
    var ran = check();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).isEqualTo("1 valid, 1 refused, 1 warnings\n");
    assertThat(ran.told())
        .contains(
            manifests.resolve("other.yaml")
                + ": CiliumNetworkPolicy/b/a: kind: not enforced by Portcullis, it is a policy of"
                + " cilium.io");
    assertThat(out).doesNotExist();
  }

  @Test
  void whatHasNoPartInPolicyCanBeCheckedToo() throws IOException {
    write(manifests, "a.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}\n");
    assertThat(check().code()).isZero();
    write(manifests, "a.yaml", "{apiVersion: networking.k8s.io/v1, kind: networkpolicy}\n");
    assertThat(check().code()).isEqualTo(1);
    write(manifests, "a.yaml", "# nothing\n");
    assertThat(check())
        .isEqualTo(new Ran(2, "", "portcullis: --manifests " + manifests + ": no object at all\n"));
  }

  @Test
  void aNodeNeedsAPlaceForItsFile() {
    assertThat(portcullis("compile", "--manifests", manifests, "--node", "n1"))
        .isEqualTo(new Ran(2, "", "portcullis: --node n1: needs --out, where the file goes\n"));
  }

  @Test
  void n10_aRefusedPodIsClosed() throws IOException {
    write(manifests, "pods.yaml", pod("db", "n1", "10.1.0.5").replace("labels:", "lables:"));
    var ran = compile();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.told())
        .containsExactly(
            manifests.resolve("pods.yaml")
                + ": Pod/default/db: metadata.lables: unknown field; did you mean labels?; closed:"
                + " nothing is allowed to or from the pod");
    assertThat(Files.readString(file("n1")))
        .contains("10.1.0.5 : goto in_", "10.1.0.5 : goto out_", "refused pods");
  }

  private Ran check() {
    return portcullis("compile", "--manifests", manifests);
  }

  @Test
  void aListIsReadFromStandardInputAsKubectlPrintsIt() {
    var list =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}},
          {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "N_2"}}]}
        """;
    var before = System.in;
    System.setIn(new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)));
    try {
      var ran = portcullis("compile", "--manifests", "-", "--out", out);
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.told()).singleElement().asString().startsWith("-: Node/N_2: metadata.name: ");
    } finally {
      System.setIn(before);
    }
    assertThat(file("n1")).exists();
  }

  @Test
  void t7_podsWithoutAddressOrNodeAreNamedAndThatAloneIsWell() throws IOException {
    write(
        manifests,
        "a.yaml",
        documents(node("n1"), pod("unplaced", "", "10.1.0.5"), pod("waiting", "n1")));
    var ran = compile();
    var file = manifests.resolve("a.yaml");
    assertThat(ran.code()).isZero();
    assertThat(ran.told())
        .containsExactly(
            file
                + ": Pod/default/unplaced: spec.nodeName: no node, so nothing enforces policies on"
                + " the pod",
            file + ": Pod/default/waiting: status.podIPs: no address, so the pod does not count");
  }

  @Test
  void t11_twoPodsWithOneAddressAreToldAndThatAloneIsWell() throws IOException {
    var created = "metadata: {creationTimestamp: \"2026-01-0%dT00:00:00Z\", name";
    write(
        manifests,
        "a.yaml",
        pod("old", "n1", "10.1.0.5").replace("metadata: {name", created.formatted(1)));
    write(
        manifests,
        "b.yaml",
        pod("new", "n2", "10.1.0.5").replace("metadata: {name", created.formatted(2)));
    var ran = compile();
    assertThat(ran.code()).isZero();
    assertThat(ran.told())
        .containsExactly(
            manifests.resolve("a.yaml")
                + ": Pod/default/old: status.podIPs: 10.1.0.5 is also Pod/default/new's, in "
                + manifests.resolve("b.yaml")
                + ", which counts");
  }

  @Test
  void twoObjectsOfOneNameAreBothNamed() throws IOException {
    write(manifests, "a.yaml", pod("db", "n1", "10.1.0.5"));
    write(manifests, "b.yaml", pod("db", "n1", "10.1.0.6"));
    var ran = compile();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .contains(
            manifests.resolve("a.yaml") + ",", manifests.resolve("b.yaml") + ": Pod/default/db");
  }

  @Test
  void whereThereIsNothingToCompileNothingIsWritten() throws IOException {
    assertThat(compile().err())
        .isEqualTo(
            "portcullis: --manifests %s: no valid Pod, Namespace, Node or policy\n"
                .formatted(manifests));
    write(manifests, "policy.yaml", Texts.SEED_POLICY);
    assertThat(compile().err()).contains("no Node object and no pod with an address and a node");
    assertThat(compile().code()).isEqualTo(2);
    assertThat(portcullis("compile", "--manifests", root.resolve("none"), "--out", out))
        .isEqualTo(
            new Ran(
                2,
                "",
                "portcullis: --manifests "
                    + root.resolve("none")
                    + ": no such file or directory\n"));
    assertThat(out).doesNotExist();
  }

  @Test
  void whereFilesCannotBeWrittenThatIsToldAndNothingIsLeft() throws IOException {
    write(manifests, "a.yaml", node("n1"));
    Files.writeString(out, "a file");
    assertThat(compile())
        .isEqualTo(new Ran(2, "", "portcullis: --out " + out + ": not a directory\n"));
    Files.delete(out);
    Files.createDirectories(file("n1").resolve("in-the-way"));
    assertThat(compile().code()).isEqualTo(2);
    assertThat(listed(out)).containsExactly("n1.nft");
  }

  @Test
  void aFileOfANodeThatIsGoneIsNamedAndLeft() throws IOException {
    write(manifests, "a.yaml", documents(node("n1"), node("n2")));
    compile();
    write(manifests, "a.yaml", node("n1"));
    var ran = compile();
    assertThat(ran.code()).isZero();
    assertThat(ran.told()).singleElement().asString().startsWith(file("n2") + ": Node/n2: ");
    assertThat(listed(out)).containsExactly("n1.nft", "n2.nft");
  }

  @Test
  void aNameThatIsTooLongForAFileHarmsOnlyItsOwnNode() throws IOException {
    var longest = ("a".repeat(62) + ".").repeat(4).substring(0, 251);
    write(manifests, "a.yaml", documents(node("n1"), node(longest), node(longest + "b")));
    var ran = compile();
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.told())
        .singleElement()
        .asString()
        .startsWith(
            manifests.resolve("a.yaml") + ": Node/" + longest + "b: metadata.name: too long");
    assertThat(listed(out)).containsExactly(longest + ".nft", "n1.nft");
  }

  @Test
  void whatIsMisusedIsToldInShort() {
    assertThat(portcullis("compile", "--out", out).code()).isEqualTo(2);
    assertThat(portcullis("compile", "--out", out).told())
        .containsExactly(
            "portcullis: Missing required option: '--manifests=DIR|FILE|-'",
            "See: portcullis compile --help");
    assertThat(portcullis().code()).isEqualTo(2);
    assertThat(portcullis("compile", "--help").code()).isZero();
  }

  private Ran compile(String... more) {
    var arguments =
        new ArrayList<Object>(List.of("compile", "--manifests", manifests, "--out", out));
    arguments.addAll(List.of(more));
    return portcullis(arguments.toArray());
  }

  private Path file(String node) {
    return out.resolve(node + ".nft");
  }

  private static List<String> listed(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    var contents = new TreeMap<String, String>();
    for (var name : listed(directory)) {
      contents.put(name, Files.readString(directory.resolve(name)));
    }
    return contents;
  }
}
