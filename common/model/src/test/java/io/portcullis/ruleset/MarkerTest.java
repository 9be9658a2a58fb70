package io.portcullis.ruleset;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A marker's JSON is read by agents and compilers of other releases. */
class MarkerTest {
  private static final String SET = "u_0123456789abcdef0123456789abcdef_v4";

  @Test
  void allFieldsStandSideBySideInTheirOrder() {
    var marker =
        new Marker(
            7,
            new Marker.Content("d", 3, "t"),
            new Marker.Compilation(
                new Marker.ClusterPosition("c", 9),
                new Marker.Shard(2, 32),
                5,
                List.of(new Marker.Cause("core/Pod/a/b", "s", 1, 2, true)),
                "1.0"),
            List.of(new Marker.Wide(SetId.parse(SET), "w", 8)));
    assertThat(json(marker))
        .isEqualTo(
            "{\"number\":7,\"digest\":\"d\",\"records\":3,\"topicId\":\"t\",\"shard\":2,\"shards\":32,"
                + "\"clusterTopicId\":\"c\",\"clusterPosition\":9,\"compiledMicros\":5,"
                + "\"causes\":[{\"object\":\"core/Pod/a/b\",\"source\":\"s\",\"seenMicros\":1,"
                + "\"publishedMicros\":2,\"removed\":true}],\"build\":\"1.0\","
                + "\"wide\":[{\"set\":\""
                + SET
                + "\",\"digest\":\"w\",\"clusterPosition\":8}]}");
    assertThat(read(json(marker))).isEqualTo(marker);
  }

  @Test
  void whatAnEarlierReleaseDidNotWriteIsEmpty() {
    var marker = read("{\"number\":7,\"digest\":\"d\",\"later\":1}");
    assertThat(marker.number()).isEqualTo(7);
    assertThat(marker.digest()).isEqualTo("d");
    assertThat(marker.causes()).isEmpty();
    assertThat(marker.wide()).isEmpty();
    assertThat(json(marker))
        .isEqualTo(
            "{\"number\":7,\"digest\":\"d\",\"records\":0,\"shard\":0,\"shards\":0,"
                + "\"clusterPosition\":0,\"compiledMicros\":0,\"causes\":[],\"wide\":[]}");
  }

  private static Marker read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), Marker.class);
  }

  private static String json(Marker marker) {
    return new String(Json.bytes(marker), StandardCharsets.UTF_8);
  }
}
