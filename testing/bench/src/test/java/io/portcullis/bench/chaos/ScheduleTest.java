package io.portcullis.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.bench.chaos.Action.Save;
import io.portcullis.bench.chaos.Schedule.Step;
import io.portcullis.cluster.ClusterObject;
import io.portcullis.lab.manifests.ObjectsInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleTest {
  private static final Duration LENGTH = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void theSameSeedGivesTheSameAndAnotherSeedAnother() {
    assertThat(Schedule.of(7, LENGTH)).isEqualTo(Schedule.of(7, LENGTH));
    assertThat(Schedule.of(7, LENGTH)).isNotEqualTo(Schedule.of(8, LENGTH));
  }

  @Test
  void aLongerRunBeginsAsAShorterOneDoes() {
    var changes = changes(Schedule.of(3, LENGTH));
    assertThat(changes(Schedule.of(3, LENGTH.multipliedBy(2))))
        .startsWith(changes.toArray(Step[]::new));
  }

  private static List<Step> changes(Schedule schedule) {
    return schedule.steps().stream()
        .filter(step -> step.action() instanceof Action.Change)
        .toList();
  }

  @Test
  void stepsComeInTheirOrderAndPausesEndBeforeTheEnd() {
    for (var seed = 0; seed < 50; seed++) {
      var steps = Schedule.of(seed, LENGTH).steps();
      assertThat(steps).isSortedAccordingTo(java.util.Comparator.comparing(Step::at));
      for (var step : steps) {
        assertThat(step.at()).isLessThan(LENGTH);
        if (step.action() instanceof Action.Pause(var _, var time)) {
          assertThat(step.at().plus(time)).isLessThanOrEqualTo(LENGTH);
        }
      }
    }
  }

  @Test
  void allProgramsAreKilledAndPausedAndAllTablesDeleted() {
    var seen = new HashSet<Action>();
    LongStream.range(0, 30)
        .mapToObj(seed -> Schedule.of(seed, LENGTH))
        .flatMap(schedule -> schedule.steps().stream())
        .map(Step::action)
        .map(
            action ->
                action instanceof Action.Pause(var program, var _)
                    ? new Action.Pause(program, Duration.ZERO)
                    : action)
        .forEach(seen::add);
    assertThat(Schedule.programs()).hasSize(10);
    for (var program : Schedule.programs()) {
      assertThat(seen).contains(new Action.Kill(program), new Action.Pause(program, Duration.ZERO));
    }
    for (var node : RandomManifests.NODES) {
      assertThat(seen).contains(new Action.DropTable(node));
    }
  }

  @Test
  void whatIsNotBrokenOnPurposeIsTakenWithoutAProblemAndAllKindsOccur() throws Exception {
    var kinds = new HashSet<String>();
    for (var seed = 0; seed < 4; seed++) {
      var schedule = Schedule.of(seed, LENGTH);
      var contents =
          Stream.concat(schedule.initial().stream(), schedule.steps().stream().map(Step::action))
              .filter(Save.class::isInstance)
              .map(action -> ((Save) action).content())
              .filter(content -> content.startsWith("{") && !content.contains("99999"));
      for (var content : contents.toList()) {
        for (var object : readAlone(content)) {
          kinds.add(object.key().group() + "/" + object.key().kind());
        }
      }
    }
    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "core/Node",
            "core/Namespace",
            "core/Pod",
            "extensions/NetworkPolicy",
            "networking.k8s.io/NetworkPolicy",
            "policy.networking.k8s.io/AdminNetworkPolicy",
            "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
            "policy.networking.k8s.io/ClusterNetworkPolicy");
  }

  private List<ClusterObject> readAlone(String content) throws IOException {
    Files.writeString(folder.resolve("one.yaml"), content);
    var objects = new ObjectsInForce(folder, Duration.ZERO);
    objects.read(Instant.now());
    assertThat(objects.problems()).as(content).isEmpty();
    return List.copyOf(objects.objects());
  }

  @Test
  void afterHealingNoFileIsBroken() throws Exception {
    for (var seed = 0; seed < 4; seed++) {
      var schedule = Schedule.of(seed, LENGTH);
      var all = Files.createDirectories(folder.resolve("all-" + seed));
      var changes =
          Stream.of(
                  schedule.initial().stream(),
                  schedule.steps().stream().map(Step::action),
                  schedule.healing().stream())
              .flatMap(each -> each);
      for (var action : changes.toList()) {
        switch (action) {
          case Save(var file, var content, var _) -> Files.writeString(all.resolve(file), content);
          case Action.Remove(var file, var _) -> Files.deleteIfExists(all.resolve(file));
          case Action.Fault _ -> {}
        }
      }
      var objects = new ObjectsInForce(all, Duration.ZERO);
      objects.read(Instant.now());
      assertThat(objects.problems()).isEmpty();
    }
  }
}
