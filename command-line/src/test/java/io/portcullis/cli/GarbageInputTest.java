package io.portcullis.cli;

import static io.portcullis.cli.Ran.portcullis;
import static io.portcullis.cli.Texts.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The commands about all manifests, with input that is no manifest or only a part of one: a clear
 * error, and never half an answer that looks whole.
 */
class GarbageInputTest {
  private static final int MEGABYTE = 1024 * 1024;

  @TempDir Path folder;
  private Path good;
  private Path bad;

  /** A command that reads the bad folder, and the good one besides. */
  private enum Command {
    REACH,
    DIFF_BEFORE,
    DIFF_NOW,
    PREVIEW_OF_IT,
    PREVIEW_BEFORE,
    LINT;

    Ran run(Path bad, Path good) {
      return switch (this) {
        case REACH -> portcullis("reach", "--manifests", bad);
        case DIFF_BEFORE -> portcullis("diff", bad, good);
        case DIFF_NOW -> portcullis("diff", good, bad);
        case PREVIEW_OF_IT -> portcullis("preview", "-f", bad, "--manifests", good);
        case PREVIEW_BEFORE -> portcullis("preview", "-f", good, "--manifests", bad);
        case LINT -> portcullis("lint", "--manifests", bad);
      };
    }
  }

  @BeforeEach
  void writeTheSeedTwice() throws IOException {
    good = folder.resolve("good");
    bad = folder.resolve("bad");
    Texts.writeSeed(good);
    Texts.writeSeed(bad);
  }

  /**
   * Checks that the command tells an error about the file, and answers nothing as if all was read.
   */
  private void assertNoAnswer(Command command, String file) {
    var ran = command.run(bad, good);
    switch (command) {
      case LINT -> {
        assertThat(ran.code()).isOne();
        assertThat(ran.out()).contains(file).contains(" error: ");
      }
      case REACH, DIFF_BEFORE, DIFF_NOW, PREVIEW_OF_IT, PREVIEW_BEFORE -> {
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(file).contains("parts of the manifests cannot be read");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void halfAFile(Command command) throws IOException {
    var whole = Files.readString(bad.resolve("policy.yaml"));
    write(bad, "policy.yaml", whole.substring(0, whole.indexOf("ports:")) + "ports: [");
    assertNoAnswer(command, "policy.yaml");
  }

  @ParameterizedTest
  @EnumSource
  void aBinaryFile(Command command) throws IOException {
    var bytes = new byte[MEGABYTE];
    new Random(19).nextBytes(bytes);
    Files.write(bad.resolve("binary.yaml"), bytes);
    assertNoAnswer(command, "binary.yaml");
  }

  @ParameterizedTest
  @EnumSource
  void twentyMegabytesOfBrackets(Command command) throws IOException {
    write(bad, "deep.yaml", "[".repeat(20 * MEGABYTE));
    assertNoAnswer(command, "deep.yaml");
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandDocumentsOfWhichTheLastIsHalf(Command command) throws IOException {
    write(bad, "many.yaml", "kind: ConfigMap\n---\n".repeat(10_000) + "kind: [");
    assertNoAnswer(command, "many.yaml");
  }

  @ParameterizedTest
  @EnumSource
  void twentyMegabytesOfOneDocumentAreRead(Command command) throws IOException {
    var before = command.run(bad, good);
    var line = "  line: " + "x".repeat(1000) + "\n";
    write(
        bad,
        "data.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: large}\ndata:\n"
            + "  text: |\n"
            + ("  " + line).repeat(20 * MEGABYTE / line.length()));
    var ran = command.run(bad, good);
    assertThat(ran.code()).isEqualTo(before.code());
    switch (command) {
      case LINT -> assertThat(ran.out()).endsWith("1 note\n");
      case REACH, DIFF_BEFORE, DIFF_NOW, PREVIEW_OF_IT, PREVIEW_BEFORE ->
          assertThat(ran.out()).isEqualTo(before.out());
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyFolder(Command command) throws IOException {
    bad = Files.createDirectory(folder.resolve("empty"));
    var ran = command.run(bad, good);
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains(bad + ": no object at all");
  }

  @ParameterizedTest
  @EnumSource
  void aFolderThatDoesNotExist(Command command) {
    bad = folder.resolve("nowhere");
    var ran = command.run(bad, good);
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains(bad + ": no such file or directory");
  }

  @ParameterizedTest
  @EnumSource
  void aFileInPlaceOfAFolder(Command command) throws IOException {
    var text = new StringBuilder();
    for (var name : new String[] {"ns.yaml", "policy.yaml", "pods.yaml"}) {
      text.append(Files.readString(bad.resolve(name))).append("---\n");
    }
    var before = command.run(bad, good);
    bad = write(folder, "all.yaml", text.toString());
    var ran = command.run(bad, good);
    assertThat(ran.code()).isEqualTo(before.code());
    assertThat(ran.out().lines()).hasSameSizeAs(before.out().lines().toList());
    bad = Files.write(folder.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    assertNoAnswer(command, "picture.png");
  }

  @ParameterizedTest
  @EnumSource
  void windowsLineEndsAndAByteOrderMarkMeanNothing(Command command) throws IOException {
    var before = command.run(bad, good);
    for (var name : new String[] {"ns.yaml", "policy.yaml", "pods.yaml"}) {
      var text = Files.readString(bad.resolve(name)).replace("\n", "\r\n");
      Files.write(bad.resolve(name), ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(command.run(bad, good)).isEqualTo(before);
    assertThat(before.err()).isEmpty();
  }
}
