package io.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shell steps of {@code .github/actions/preview} as a runner does, with its inputs. */
class PreviewActionTest {
  private static final Path ACTION = Path.of("..", ".github", "actions", "preview", "action.yml");
  private static final String RUN = "      run: |";
  private static final String SCRIPT = "        ";

  @TempDir Path folder;
  private Path workspace;
  private Path summary;

  /** The inputs, by the variables that the steps have them in. */
  private final Map<String, String> inputs =
      new TreeMap<>(Map.of("CHANGE", "the change.yaml", "DELETE", "false", "EXPECT", ""));

  @BeforeEach
  void checkOut() throws IOException {
    workspace = Files.createDirectory(folder.resolve("workspace"));
    summary = Files.createFile(folder.resolve("summary"));
    Texts.writeSeed(workspace.resolve("the cluster"));
    Texts.write(
        workspace, "the change.yaml", Texts.SEED_POLICY.replace("role: frontend", "role: other"));
    inputs.put("MANIFESTS", "the cluster");
    var program =
        Texts.write(
            folder,
            "portcullis",
            """
            #!/usr/bin/env bash
            exec "%s/bin/java" -XX:TieredStopAtLevel=1 -cp "%s" %s "$@"
            """
                .formatted(
                    System.getProperty("java.home"),
                    System.getProperty("java.class.path"),
                    Portcullis.class.getName()));
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void everyInputIsAVariableOfTheStep() throws IOException {
    assertThat(Files.readString(ACTION))
        .contains(
            "        MANIFESTS: ${{ inputs.manifests }}\n",
            "        CHANGE: ${{ inputs.change }}\n",
            "        DELETE: ${{ inputs.delete }}\n",
            "        EXPECT: ${{ inputs.expect }}\n");
    assertThat(scripts()).hasSize(2).noneMatch(script -> script.contains("${{"));
  }

  @Test
  void theFlowsAreInTheLogAndInTheSummary() throws Exception {
    var ran = run();
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("opened  default/other").endsWith("1 opened, 1 closed\n");
    assertThat(ran.err()).isEmpty();
    assertThat(summary)
        .hasContent("### Flows that this change opens and closes\n```\n" + ran.out() + "```\n");
    assertThat(workspace).as("nothing is left").isDirectoryNotContaining("glob:**/flows");
  }

  @Test
  void aChangeThatDoesWhatIsExpectedPassesAndAnotherFails() throws Exception {
    Texts.write(workspace, "said", "opened * -> * on tcp/6379\nclosed * -> * on tcp/6379\n");
    inputs.put("EXPECT", "said");
    assertThat(run().code()).isZero();
    Texts.write(workspace, "said", "opened * -> * on tcp/6379\n");
    var ran = run();
    assertThat(ran.code()).isEqualTo(ExitCode.UNEXPECTED);
    assertThat(ran.err()).contains("not expected: closed default/frontend -> default/db");
    assertThat(summary).content().contains("not expected: closed default/frontend -> default/db");
  }

  @Test
  void aChangeMayDelete() throws Exception {
    inputs.put("DELETE", "true");
    assertThat(run().out()).endsWith("0 opened, 1 closed\n");
  }

  @Test
  void whatCannotBeReadFailsTheStepWithTheReasonInTheSummary() throws Exception {
    inputs.put("MANIFESTS", "nowhere");
    var ran = run();
    assertThat(ran.code()).isEqualTo(ExitCode.NOTHING_DONE);
    assertThat(ran.out()).isEmpty();
    assertThat(summary).content().contains("--manifests nowhere: no such file or directory");
  }

  /** Runs all steps; returns how the last one ended, which is the first that fails. */
  private Ran run() throws Exception {
    Ran ran = null;
    for (var script : scripts()) {
      ran = run(script);
      if (ran.code() != 0) {
        break;
      }
    }
    return ran;
  }

  private Ran run(String script) throws Exception {
    var file = Texts.write(folder, "step.sh", script);
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var builder =
        new ProcessBuilder("bash", "--noprofile", "--norc", "-eo", "pipefail", file.toString())
            .directory(workspace.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(inputs);
    builder.environment().put("GITHUB_STEP_SUMMARY", summary.toString());
    builder
        .environment()
        .put(
            "GITHUB_ACTION_PATH",
            Files.createDirectories(folder.resolve(".github/actions/preview")).toString());
    var code = builder.start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private static List<String> scripts() throws IOException {
    var scripts = new ArrayList<String>();
    var inScript = false;
    for (var line : Files.readAllLines(ACTION)) {
      if (line.equals(RUN)) {
        scripts.add("");
        inScript = true;
      } else if (inScript && line.startsWith(SCRIPT)) {
        scripts.add(scripts.removeLast() + line.substring(SCRIPT.length()) + "\n");
      } else {
        inScript = false;
      }
    }
    return scripts;
  }
}
