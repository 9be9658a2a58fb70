package io.portcullis.lab.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.AclCommand;

/**
 * Does what deploy/kafka/acls.sh does: gives the commands that the script prints to Kafka's own
 * program.
 */
final class Grants {
  private static final Path SCRIPT = Path.of("..", "..", "deploy", "kafka", "acls.sh");

  private final List<String> connection;

  /**
   * Creates the grants.
   *
   * @param folder the directory for the administrator's settings
   * @param admin the administrator's settings
   */
  Grants(Path folder, Map<String, String> admin) throws IOException {
    var file = folder.resolve("admin.properties");
    Files.writeString(
        file,
        admin.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue().replace("\n", "\\n"))
            .collect(Collectors.joining("\n")));
    connection =
        List.of(
            "--bootstrap-server",
            admin.get("bootstrap.servers"),
            "--command-config",
            file.toString());
  }

  /** Runs the script with these arguments, and the commands that it prints. */
  void run(String... arguments) throws IOException, InterruptedException {
    var line = new ArrayList<>(List.of(SCRIPT.toString(), "--print"));
    line.addAll(List.of(arguments));
    line.add("--");
    line.addAll(connection);
    var commands = said(line).lines().toList();
    assertThat(commands).isNotEmpty();
    for (var command : commands) {
      var words = command.strip().replace("\\", "").split(" ");
      execute(Arrays.copyOfRange(words, 1, words.length));
    }
  }

  private static void execute(String... arguments) {
    var said = new ByteArrayOutputStream();
    var out = System.out;
    Exit.setExitProcedure(
        (code, message) -> {
          throw new IllegalStateException("kafka-acls ended with " + code + ": " + said);
        });
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      AclCommand.main(arguments);
    } finally {
      System.setOut(out);
      Exit.resetExitProcedure();
    }
  }

  /** Revokes one operation on a topic from a user. */
  void take(Admin admin, String principal, String pattern, AclOperation operation)
      throws ExecutionException, InterruptedException {
    var taken =
        admin
            .deleteAcls(
                List.of(
                    new AclBindingFilter(
                        new ResourcePatternFilter(ResourceType.TOPIC, pattern, PatternType.ANY),
                        new AccessControlEntryFilter(
                            "User:" + principal, null, operation, AclPermissionType.ALLOW))))
            .all()
            .get();
    assertThat(taken).hasSize(1);
  }

  private static String said(List<String> line) throws IOException, InterruptedException {
    var process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
