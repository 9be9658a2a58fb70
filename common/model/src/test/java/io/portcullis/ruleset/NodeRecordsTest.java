package io.portcullis.ruleset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NodeRecordsTest {
  private static final String SET = "u_0123456789abcdef0123456789abcdef_v4";
  private static final String CHAIN = "chain/in_0123456789abcdef0123456789abcdef";

  @Provide
  Arbitrary<RuleSet> ruleSets() {
    return RandomRuleSets.ruleSets();
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(@ForAll("ruleSets") RuleSet rules) {
    for (var item : rules.records().values()) {
      assertThat(NodeRecords.parse(item.key(), NodeRecords.bytes(item))).isEqualTo(item);
    }
  }

  @Property(tries = 500)
  void whateverIsReadIsARecordOfThatKeyOrRefusedByIt(
      @ForAll("keys") String key, @ForAll("values") byte[] value) {
    try {
      assertThat(NodeRecords.parse(key, value).key()).isEqualTo(key);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining(key);
    }
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of(
        "set/" + SET, "set/" + SET + "/10.0.0.1", CHAIN, "endpoint/10.0.0.1", "endpoint/::1");
  }

  @Provide
  Arbitrary<byte[]> values() {
    var pieces =
        Arbitraries.of(
            List.of(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "null",
                "1",
                "\"\"",
                "\"family\"",
                "\"V4\"",
                "\"rules\"",
                "\"end\"",
                "\"deny\"",
                "\"ports\"",
                "\"ingress\"",
                "\"definition\""));
    return pieces.list().ofMaxSize(12).map(list -> bytes(String.join("", list)));
  }

  @Example
  void aMemberIsToldByItsKeyAlone() {
    var key = "set/" + SET + "/10.244.1.7";
    assertThat(NodeRecords.bytes(NodeRecords.parse(key, bytes("{}")))).isEqualTo(bytes("{}"));
  }

  @Example
  void keysThatAreNotCanonicalAreRefused() {
    var set = "set/p_0123456789abcdef0123456789abcdef_v6";
    for (var key :
        List.of(
            "endpoint/FD00::1",
            "endpoint/fd00:0::1",
            set + "/fd00::1,TCP,80",
            set + "/fd00::1,tcp,080",
            "set/" + SET + "/10.0.0.1/",
            "set/" + SET + "/10.0.0.1-10.0.0.2",
            "set/" + SET + "/fd00::1",
            "set/" + SET + "; flush ruleset",
            "version",
            "",
            "/")) {
      assertThatThrownBy(() -> NodeRecords.parse(key, bytes("{}")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("record " + key);
    }
  }

  @Example
  void aChainThatIsNotItsIdsContentIsRefused() {
    for (var value :
        List.of(
            "{\"family\":\"V4\",\"rules\":[],\"end\":\"deny\"}",
            "{\"family\":\"V4\",\"rules\":[null],\"end\":\"deny\"}",
            "{\"family\":\"V4\",\"rules\":[{\"action\":\"accept\"}],\"end\":\"deny\"}",
            "{\"family\":\"V4\",\"rules\":[{\"ports\":[null],\"action\":\"accept\"}],\"end\":\"deny\"}",
            "{}",
            "null",
            "",
            "\u0000")) {
      assertThatThrownBy(() -> NodeRecords.parse(CHAIN, bytes(value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(CHAIN);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
