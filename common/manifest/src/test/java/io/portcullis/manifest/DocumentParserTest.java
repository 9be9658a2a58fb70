package io.portcullis.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.validation.Manifests;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentParserTest {

  /** What `kubectl` makes of a plain scalar. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          yes                  | true
          On                   | true
          y                    | true
          TRUE                 | true
          off                  | false
          N                    | false
          yEs                  | "yEs"
          ~                    | null
          Null                 | null
          80                   | 80
          +80                  | 80
          -1                   | -1
          010                  | 8
          0o10                 | 8
          0x1F                 | 31
          0b101                | 5
          1_000                | 1000
          080                  | 80.0
          80.0                 | 80.0
          1e3                  | 1000.0
          1.5                  | 1.5
          .5                   | 0.5
          12:30:45             | "12:30:45"
          22:22                | "22:22"
          2026-01-31           | "2026-01-31"
          2026-01-31T12:00:00Z | "2026-01-31T12:00:00Z"
          10.0.0.1             | "10.0.0.1"
          1e999                | "1e999"
          99999999999999999999 | 99999999999999999999
          =                    | "="
          "80"                 | "80"
          'yes'                | "yes"
          !!str 80             | "80"
          !!int "80"           | 80
          """)
  void plainScalarsMeanWhatTheyMeanToKubectl(String yaml, String json) {
    assertThat(json("v: " + yaml)).isEqualTo("{\"v\":" + json + "}");
  }

  @Test
  void keysBecomeStrings() {
    assertThat(json("on: 1\n80: 2\nx: 3\n")).isEqualTo("{\"true\":1,\"80\":2,\"x\":3}");
  }

  @Test
  void keysNeverRepeat() {
    assertThat(fault("a: 1\nb: 2\na: 3\n")).isEqualTo("line 3: the key appears twice: a");
    assertThat(fault("on: 1\nyes: 2\n")).isEqualTo("line 2: the key appears twice: true");
    assertThat(fault("{\"a\": 1,\n \"a\": 2}")).startsWith("line 2: Duplicate field 'a'");
  }

  @Test
  void mergedMappingsAddWhatIsNotThere() {
    assertThat(json("a: &a {x: 1, z: 2}\nb: {<<: *a, x: 3}\n"))
        .isEqualTo("{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":3,\"z\":2}}");
    assertThat(json("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc: {<<: [*a, *b]}\n"))
        .endsWith("\"c\":{\"x\":1,\"z\":3}}");
  }

  @Test
  void noTagNamesAType() {
    assertThat(fault("!!javax.script.ScriptEngineManager [x]\n"))
        .contains("this tag has no meaning here: ");
    assertThat(fault("a: !!java.net.URL http://example.com\n"))
        .contains("this tag has no meaning here: ");
    assertThat(fault("a: !mine x\n")).contains("this tag has no meaning here");
    assertThat(fault("a: !!int x\n")).contains("not a value of its tag");
  }

  @Test
  void aliasesDoNotExplode() {
    var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (var i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(fault(bomb.toString())).contains("aliases make too much"));
  }

  @Test
  void anAliasInsideItselfIsRefused() {
    assertThat(fault("a: &a [*a]\n")).isEqualTo("line 1: found undefined alias a");
  }

  @Test
  void anAliasStandsForWhatItNames() {
    assertThat(json("a: &a [1]\nb: [*a, &a x]\n*a : c\n"))
        .isEqualTo("{\"a\":[1],\"b\":[[1],\"x\"],\"x\":\"c\"}");
    var nested = "a0: &a0 [x]\n";
    for (var i = 1; i < 300; i++) {
      nested += "a%d: &a%d [*a%d]\n".formatted(i, i, i - 1);
    }
    assertThat(fault(nested)).contains("nested deeper than");
  }

  @Test
  void depthHasALimit() {
    assertThat(fault("a: " + "[".repeat(100_000))).isNotEmpty();
    assertThat(fault("a: " + "[".repeat(300) + "]".repeat(300))).isNotEmpty();
    assertThat(fault("{\"a\": " + "[".repeat(100_000))).contains("nesting depth");
    var deep = "a:\n";
    for (var i = 1; i < 300; i++) {
      deep += " ".repeat(i) + "a:\n";
    }
    assertThat(fault(deep)).isNotEmpty();
  }

  @Test
  void aFaultIsNamedByTheLineOfTheFile() {
    var reading = Manifests.errors("a: 1\n---\nb: {\n---\n");
    assertThat(reading).anySatisfy(error -> assertThat(error).startsWith("line 4: "));
  }

  @Test
  void oneDocumentIsOne() {
    assertThat(fault("a: 1\n...\nb: 2\n")).startsWith("line 3: ");
    assertThat(json("a: 1\n...\n")).isEqualTo("{\"a\":1}");
  }

  @Test
  void jsonMayHoldTabsAndManyValues() {
    var document = Document.split("{\t\"a\": 1}\n{\"b\": 2}\n").getFirst();
    assertThat(DocumentParser.parse(document).values()).hasSize(2);
  }

  @Test
  void jsonThatBreaksOffKeepsWhatCameBefore() {
    var parsed = DocumentParser.parse(Document.split("{\"a\": 1}\n{\"b\":").getFirst());
    assertThat(parsed.values()).hasSize(1);
    assertThat(parsed.fault()).isPresent();
  }

  @Test
  void yamlInBracesIsYaml() {
    assertThat(json("{a: yes, b: x}")).isEqualTo("{\"a\":true,\"b\":\"x\"}");
  }

  private static String json(String yaml) {
    var parsed = DocumentParser.parse(Document.split(yaml).getFirst());
    assertThat(parsed.fault()).isEmpty();
    return parsed.values().getFirst().toString();
  }

  private static String fault(String yaml) {
    var fault = DocumentParser.parse(Document.split(yaml).getFirst()).fault().orElseThrow();
    return fault.field() + ": " + fault.reason();
  }
}
