package io.portcullis.bench.chaos;

import io.portcullis.bench.chaos.Action.Change;
import io.portcullis.bench.chaos.Action.DropTable;
import io.portcullis.bench.chaos.Action.Kill;
import io.portcullis.bench.chaos.Action.Pause;
import io.portcullis.bench.chaos.Action.PowerCut;
import io.portcullis.bench.chaos.Action.Reboot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What happens in a run, and when. The same seed and length give the same schedule.
 *
 * @param initial the manifests that the lab starts with
 * @param steps the steps in their order
 * @param healing the changes that make every file readable again at the end, so that the files
 *     alone determine what is in force
 */
public record Schedule(List<Change> initial, List<Step> steps, List<Change> healing) {
  public static final int COMPILERS = 3;
  public static final int WATCHERS = 2;
  public static final String BROKER = "kafka";

  private static final Bounds BETWEEN_FAULTS = new Bounds(2_000, 8_000);
  private static final Bounds BETWEEN_CHANGES = new Bounds(200, 2_500);
  private static final Bounds SHORT_PAUSE = new Bounds(1_000, 15_000);
  private static final Bounds LONG_PAUSE = new Bounds(15_000, 60_000);

  /** An action and the time from the beginning at which it is done. */
  public record Step(Duration at, Action action) {}

  private record Bounds(int least, int most) {
    Duration any(Random random) {
      return Duration.ofMillis(random.nextInt(least, most + 1));
    }
  }

  public Schedule {
    initial = List.copyOf(initial);
    steps = List.copyOf(steps);
    healing = List.copyOf(healing);
  }

  /** Makes a schedule; faults and pauses end before the length is over. */
  public static Schedule of(long seed, Duration length) {
    var source = new SplittableRandom(seed); // spreads neighbouring seeds far apart
    var faults = Random.from(source.split());
    var manifests = new RandomManifests(Random.from(source.split()));
    var times = Random.from(source.split());
    var initial = manifests.initial();
    var steps = new ArrayList<Step>();
    for (var at = BETWEEN_CHANGES.any(times);
        at.compareTo(length) < 0;
        at = at.plus(BETWEEN_CHANGES.any(times))) {
      steps.add(new Step(at, manifests.change()));
    }
    steps.addAll(faults(faults, length));
    steps.sort(Comparator.comparing(Step::at));
    return new Schedule(initial, steps, manifests.healing());
  }

  private static List<Step> faults(Random random, Duration length) {
    var steps = new ArrayList<Step>();
    var pausedUntil = new HashMap<String, Duration>();
    for (var at = BETWEEN_FAULTS.any(random);
        at.compareTo(length) < 0;
        at = at.plus(BETWEEN_FAULTS.any(random))) {
      steps.add(new Step(at, fault(random, at, length, pausedUntil)));
    }
    return steps;
  }

  private static Action fault(
      Random random, Duration at, Duration length, Map<String, Duration> pausedUntil) {
    var kind = random.nextInt(11);
    if (kind == 0) {
      return new DropTable(one(random, RandomManifests.NODES));
    }
    if (kind == 10) {
      return random.nextInt(4) == 0
          ? new PowerCut()
          : new Reboot(one(random, RandomManifests.NODES));
    }
    var program = one(random, programs());
    var pause = random.nextInt(5) == 0 ? LONG_PAUSE.any(random) : SHORT_PAUSE.any(random);
    var left = length.minus(at);
    var time = pause.compareTo(left) > 0 ? left : pause;
    var paused = pausedUntil.getOrDefault(program, Duration.ZERO).compareTo(at) > 0;
    if (kind <= 5 || paused) {
      return new Kill(program);
    }
    pausedUntil.put(program, at.plus(time));
    return new Pause(program, time);
  }

  /** Returns all programs that may be killed or paused, by the lab's names. */
  static List<String> programs() {
    return Stream.of(
            Stream.of(BROKER),
            numbered("watcher-", WATCHERS),
            numbered("compiler-", COMPILERS),
            RandomManifests.NODES.stream().map(node -> "agent-" + node))
        .flatMap(all -> all)
        .toList();
  }

  private static Stream<String> numbered(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + i);
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Returns how many faults there are. */
  public long faults() {
    return steps.stream().filter(step -> step.action() instanceof Action.Fault).count();
  }

  /** Returns how many changes of manifests there are. */
  public long changes() {
    return steps.size() - faults();
  }
}
