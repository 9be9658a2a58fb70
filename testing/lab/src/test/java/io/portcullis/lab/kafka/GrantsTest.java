package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.portcullis.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Compares the list of grants with the custom resources that were written from it by hand. */
class GrantsTest {
  private static final Path FOLDER = Path.of("..", "..", "deploy", "kafka");

  /** Returns what each user may do according to the list, as comparable text. */
  private static Map<String, Set<String>> list() throws IOException {
    var grants = new TreeMap<String, Set<String>>();
    for (var line : Files.readAllLines(FOLDER.resolve("acls.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        var words = line.strip().split("\\s+", 5);
        grants
            .computeIfAbsent(words[0], _ -> new TreeSet<>())
            .add(grant(words[1], words[2], words[3], List.of(words[4].split(" "))));
      }
    }
    return grants;
  }

  private static String grant(String type, String pattern, String name, List<String> operations) {
    return type + " " + pattern + " " + name + " " + new TreeSet<>(operations);
  }

  @Test
  void usersOfStrimziHaveTheSame() throws IOException {
    var users = new TreeMap<String, Set<String>>();
    for (var document : new Yaml().loadAll(Files.readString(FOLDER.resolve("users.yaml")))) {
      var user = Json.mapper().valueToTree(document);
      var name = user.path("metadata").path("name").asText();
      users.put(name.replace("portcullis-", "").replace("-NODE", ""), grants(user));
    }
    assertThat(users).isEqualTo(list()).containsOnlyKeys("watcher", "compiler", "agent");
  }

  private static Set<String> grants(JsonNode user) {
    var grants = new TreeSet<String>();
    for (var acl : user.path("spec").path("authorization").path("acls")) {
      var operations = new ArrayList<String>();
      acl.path("operations").forEach(operation -> operations.add(operation.asText()));
      var resource = acl.path("resource");
      grants.add(
          grant(
              resource.path("type").asText().replace("transactionalId", "transactional-id"),
              resource.path("patternType").asText().replace("prefix", "prefixed"),
              resource.path("name").asText(),
              operations));
    }
    return grants;
  }
}
