package io.portcullis.bench.chaos;

import io.portcullis.bench.figures.Figure;
import io.portcullis.compiler.versions.VersionStore;
import io.portcullis.compiler.versions.Versioned;
import io.portcullis.history.Commit;
import io.portcullis.json.Json;
import io.portcullis.lab.Lab;
import io.portcullis.lab.LabState;
import io.portcullis.lab.manifests.ObjectsInForce;
import io.portcullis.nft.NftDump;
import io.portcullis.nft.Stamp;
import io.portcullis.ruleset.Applied;
import io.portcullis.ruleset.SetId;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.TopicAdmin;
import io.portcullis.topic.TopicReader;
import io.portcullis.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares what all parts of a lab say when its faults are over: kernels, topics, history,
 * manifests and probes.
 */
final class ChaosReport {
  private static final Duration LONGEST_TO_AGREE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final Duration NOW = Duration.ZERO;

  private final Lab lab;
  private final TopicWatch topics;
  private final Duration settled;
  private final List<String> wrong = new ArrayList<>();
  private final Map<Judge.Verdict, Integer> verdicts = new EnumMap<>(Judge.Verdict.class);
  private final int probes;
  private final int reached;
  private int decided;
  private final SortedMap<String, NodeVersions> nodes = new TreeMap<>();
  private final SortedMap<SetId, VersionLog> sets = new TreeMap<>();

  /**
   * Queries all parts.
   *
   * @param lab the lab
   * @param kernels the kernels' transactions, by node
   * @param topics the markers that were read
   * @param probes the probes
   * @param moves when pods were created or removed
   * @param settled how long the lab took to settle
   */
  ChaosReport(
      Lab lab,
      SortedMap<String, KernelWatch> kernels,
      TopicWatch topics,
      ChaosProbes probes,
      List<Judge.PodMove> moves,
      Duration settled)
      throws IOException, InterruptedException {
    this.lab = lab;
    this.topics = topics;
    this.settled = settled;
    var tried = probes.tried();
    this.probes = tried.size();
    this.reached = (int) tried.stream().filter(probe -> probe.outcome().reached()).count();
    var kafka = new KafkaSettings(Map.of("bootstrap.servers", lab.kafka()));
    try (var admin = new TopicAdmin(kafka)) {
      var reader = new TopicReader(kafka, admin);
      wrong.addAll(agreed(reader, kernels.keySet()));
      var history = history(reader);
      topics.sets().forEach(set -> sets.put(set, log(history, new Versioned.OfSet(set))));
      for (var kernel : kernels.entrySet()) {
        var node = kernel.getKey();
        var answers = answers(reader, node);
        var stamps = kernel.getValue().timeline().stamps();
        var log = log(history, new Versioned.OfNode(node));
        nodes.put(node, new NodeVersions(log, sets, answers, stamps));
        wrong.addAll(AnswerCheck.wrong(node, answers, nodes.get(node)));
        wrong.addAll(log.wrong());
      }
    }
    sets.values().forEach(log -> wrong.addAll(log.wrong()));
    kernels.values().forEach(kernel -> kernel.trouble().ifPresent(wrong::add));
    topics.trouble().ifPresent(wrong::add);
    judge(kernels, moves, tried, probes.notTried());
  }

  /** Returns what the parts disagree on at the end, after changes under way had time to finish. */
  private List<String> agreed(TopicReader reader, Iterable<String> nodes)
      throws IOException, InterruptedException {
    var until = System.nanoTime() + LONGEST_TO_AGREE.toNanos();
    var different = different(reader, nodes);
    while (!different.isEmpty() && System.nanoTime() < until) {
      Thread.sleep(BETWEEN_LOOKS);
      different = different(reader, nodes);
    }
    return different;
  }

  private List<String> different(TopicReader reader, Iterable<String> nodes)
      throws IOException, InterruptedException {
    var inForce = new ObjectsInForce(lab.derivedManifests(), NOW);
    inForce.read(Instant.now());
    var meant =
        new LabState(
                0,
                List.copyOf(inForce.objects()),
                LabState.topology(inForce.objects()),
                List.of(),
                List.of())
            .digests();
    var said = lab.endpoints().kernels(lab.agentUrls());
    var different = new ArrayList<String>();
    for (var node : nodes) {
      different(reader, node, meant.get(node), said.get(node)).ifPresent(different::add);
    }
    return different;
  }

  private Optional<String> different(
      TopicReader reader, String node, String meant, Optional<String> said)
      throws InterruptedException {
    var kernel = KernelWatch.dump(lab.names().node(node));
    var held = kernel.map(dump -> dump.digest().hex());
    var stamp = kernel.flatMap(NftDump::stamp);
    var newest = new VersionStore(reader).present(new Versioned.OfNode(node));
    var content = newest.map(version -> version.rules().digest().hex());
    var number = newest.map(version -> version.marker().number());
    var read = topics.markers(new Versioned.OfNode(node));
    var same =
        Stream.of(held, said, stamp.map(Stamp::digest), content)
                .allMatch(Optional.of(meant)::equals)
            && stamp.map(Stamp::version).equals(number)
            && !read.isEmpty()
            && Optional.of(read.getLast().number()).equals(number);
    return same
        ? Optional.empty()
        : Optional.of(
            "%s: manifests %s, kernel %s, agent of its kernel %s, stamp %s, topic %s; version %s in the kernel, %s in the topic, %s read"
                .formatted(
                    node,
                    meant,
                    held.orElse("-"),
                    said.orElse("-"),
                    stamp.map(Stamp::digest).orElse("-"),
                    content.orElse("-"),
                    stamp.map(Stamp::version).map(Object::toString).orElse("-"),
                    number.map(Object::toString).orElse("-"),
                    read.isEmpty() ? "-" : read.getLast().number()));
  }

  /** Returns all commits, by the names of nodes and wide sets. */
  private static Map<String, List<VersionLog.Placed>> history(TopicReader reader) {
    var commits = new HashMap<String, List<VersionLog.Placed>>();
    for (var shard = 0; shard < Topics.SHARDS; shard++) {
      try (var log = reader.open(Topics.HISTORY, shard)) {
        log.read(
            0,
            item ->
                commits
                    .computeIfAbsent(item.key(), _ -> new ArrayList<>())
                    .add(
                        new VersionLog.Placed(
                            item.offset(), Json.read(item.value(), Commit.class))));
      }
    }
    return commits;
  }

  private VersionLog log(Map<String, List<VersionLog.Placed>> history, Versioned unit) {
    return VersionLog.of(
        unit.name(), history.getOrDefault(unit.name(), List.of()), topics.markers(unit));
  }

  private static List<Applied> answers(TopicReader reader, String node) {
    var answers = new ArrayList<Applied>();
    try (var log = reader.open(Topics.applied(node, NOW).name(), 0)) {
      log.read(0, item -> answers.add(Json.read(item.value(), Applied.class)));
    }
    return answers;
  }

  private void judge(
      SortedMap<String, KernelWatch> kernels,
      List<Judge.PodMove> moves,
      List<Judge.ProbeResult> tried,
      List<ChaosProbes.FailedProbes> notTried) {
    var timelines = new TreeMap<String, Timeline>();
    kernels.forEach((node, kernel) -> timelines.put(node, kernel.timeline()));
    var judge = new Judge(nodes, timelines, moves);
    wrong.addAll(judge.wrongKernels());
    for (var probe : tried) {
      var verdict = judge.verdict(probe);
      verdicts.merge(verdict, 1, Integer::sum);
      if (verdict == Judge.Verdict.WRONG) {
        wrong.add(judge.text(probe));
      }
      if (judge.isDecided(probe)) {
        decided++;
      }
    }
    for (var round : notTried) {
      if (!judge.anyMoved(round.pods(), round.began(), round.ended())) {
        wrong.add("probes could not run: " + round.reason());
      }
    }
  }

  /** Returns all that is wrong, a line each. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  int probes() {
    return probes;
  }

  int versions() {
    return nodes.values().stream().mapToInt(node -> node.log().versions().size()).sum();
  }

  private int versionsOfSets() {
    return sets.values().stream().mapToInt(log -> log.versions().size()).sum();
  }

  /** Returns how much was done and seen. */
  List<Figure> figures() {
    return List.of(
        new Figure("chaos.settled", settled.toMillis() / 1e3, "s"),
        Figure.count("chaos.versions", versions(), "versions"),
        Figure.count("chaos.sets", versionsOfSets(), "versions"),
        Figure.count("chaos.probes.reached", reached, "probes"),
        Figure.count("chaos.probes.denied", probes - reached, "probes"),
        Figure.count("chaos.probes.decided", decided, "probes"),
        Figure.count(
            "chaos.probes.excused", verdicts.getOrDefault(Judge.Verdict.EXCUSED, 0), "probes"));
  }
}
