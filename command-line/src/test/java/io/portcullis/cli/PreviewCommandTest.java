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
import org.junit.jupiter.params.provider.ValueSource;

class PreviewCommandTest {
  @TempDir Path folder;
  private Path manifests;
  private Path change;

  @BeforeEach
  void writeTheSeedAndAChange() throws IOException {
    manifests = folder.resolve("manifests");
    Texts.writeSeed(manifests);
    change =
        write(folder, "change.yaml", Texts.SEED_POLICY.replace("role: frontend", "role: other"));
  }

  @Test
  void aChangeIsToldBeforeItIsMade() {
    var ran = preview("--output", "expect");
    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                """
                opened default/other -> default/db on tcp/6379
                closed default/frontend -> default/db on tcp/6379
                """,
                ""));
    assertThat(preview().out()).endsWith("1 opened, 1 closed\n");
  }

  @Test
  void aChangeMayDelete() {
    assertThat(preview("--delete", "--output", "expect").out())
        .isEqualTo("closed default/frontend -> default/db on tcp/6379\n");
  }

  @Test
  void whatIsNotThereCannotBeDeleted() throws IOException {
    write(folder, "change.yaml", Texts.SEED_POLICY.replace("test-network-policy", "another"));
    var ran = preview("--delete");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("not there to be deleted: NetworkPolicy/default/another");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "opened default/other -> default/db on tcp/6379\nclosed default/frontend -> default/db on tcp/6379",
        "# what it does\n\nopened */other -> default/* on tcp/6379\n  closed * -> * on tcp/6379  ",
      })
  void aChangeThatDoesWhatIsExpectedEndsWithZero(String expected) throws IOException {
    var file = write(folder, "expected", expected);
    assertThat(preview("--expect", file.toString()).code()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "opened * -> * on tcp/6379 | not expected: closed default/frontend -> default/db on tcp/6379",
        "opened * -> * on tcp/6379-6380;closed * -> * on tcp/6379 | expected, but not done: opened * -> * on tcp/6379-6380; missing: tcp/6380",
        "opened * -> * on tcp/6379;closed * -> * on tcp/6379;opened a/b -> c/d on all | expected, but not done: opened a/b -> c/d on all",
        "opened * -> * on udp;closed * -> * on tcp/6379 | not expected: opened default/other -> default/db on tcp/6379",
      })
  void aChangeThatDoesMoreOrLessEndsWithThree(String expected, String told) throws IOException {
    var file = write(folder, "expected", expected.replace(";", "\n"));
    var ran = preview("--expect", file.toString());
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.told()).contains(told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "open a -> b on tcp | line 1: not of the form",
        "opened a -> b on http | line 1: not ports such as tcp/80",
      })
  void anExpectationThatCannotBeReadIsNamed(String expected, String told) throws IOException {
    var file = write(folder, "expected", expected);
    var ran = preview("--expect", file.toString());
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("--expect " + file).contains(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {Texts.BROKEN, "kind: [", ""})
  void aChangeThatWouldNotBeAppliedHasNoEffects(String text) throws IOException {
    write(folder, "change.yaml", text);
    var ran = preview();
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("-f " + change);
  }

  private Ran preview(String... options) {
    var all = new ArrayList<Object>(List.of("preview", "-f", change, "--manifests", manifests));
    all.addAll(List.of(options));
    return portcullis(all.toArray());
  }
}
