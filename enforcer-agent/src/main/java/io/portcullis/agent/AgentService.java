package io.portcullis.agent;

import io.portcullis.agent.cni.ExemptPods;
import io.portcullis.agent.cni.ResultCache;
import io.portcullis.agent.connections.ConnectionTable;
import io.portcullis.agent.connections.LiveConnections;
import io.portcullis.agent.counters.CountReader;
import io.portcullis.agent.counters.DeniedSample;
import io.portcullis.agent.counters.HitCounters;
import io.portcullis.agent.enforce.EnforcedTable;
import io.portcullis.agent.enforce.HostWatch;
import io.portcullis.agent.enforce.LinkWatch;
import io.portcullis.agent.guard.BrokerNames;
import io.portcullis.agent.guard.GuardMode;
import io.portcullis.agent.guard.PodGuard;
import io.portcullis.agent.kernel.Generation;
import io.portcullis.agent.kernel.HostReader;
import io.portcullis.agent.kernel.Kernel;
import io.portcullis.agent.kernel.KernelTables;
import io.portcullis.agent.kernel.Nft;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.kernel.NodeAddresses;
import io.portcullis.agent.links.GuardLinks;
import io.portcullis.agent.netlink.Conntrack;
import io.portcullis.agent.netlink.KernelEvents;
import io.portcullis.agent.netlink.Rtnetlink;
import io.portcullis.agent.program.LocalEdits;
import io.portcullis.agent.report.AppliedAnswers;
import io.portcullis.agent.report.Reporter;
import io.portcullis.agent.standin.StandIn;
import io.portcullis.agent.state.BootId;
import io.portcullis.agent.state.NodeState;
import io.portcullis.agent.state.StateDirectory;
import io.portcullis.agent.status.Observer;
import io.portcullis.nft.CutMark;
import io.portcullis.nft.LocalSets;
import io.portcullis.topic.KafkaSettings;
import io.portcullis.topic.Topics;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the agent's parts from the operator's settings, starts its loop, and ends it. */
final class AgentService {
  private static final Pattern NODE = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  @Produces
  @Singleton
  KafkaSettings kafka(
      @Identifier("default-kafka-broker") Map<String, Object> kafka, AgentSettings settings) {
    return new KafkaSettings(kafka, settings.topicReplication());
  }

  /** Readers have an nft of their own, so that a version does not wait until a dump is made. */
  @Produces
  @Singleton
  Nft nftOfReaders(AgentSettings settings) {
    return NftWay.parse(settings.nft()).open();
  }

  void end(@Disposes Nft nft) {
    nft.close();
  }

  @Produces
  @Singleton
  KernelTables tables(Nft nft) {
    return new KernelTables(nft);
  }

  @Produces
  @Singleton
  HitCounters hits(AgentSettings settings) {
    return HitCounters.open(NftWay.parse(settings.nft()).open());
  }

  void end(@Disposes HitCounters hits) {
    hits.close();
  }

  @Produces
  @Singleton
  DeniedSample denied(AgentSettings settings, Nft nft) {
    return DeniedSample.open(settings.deniedSample(), nft);
  }

  void end(@Disposes DeniedSample denied) {
    denied.close();
  }

  @Produces
  @Singleton
  CountReader counts(KernelTables tables, HitCounters hits) {
    return CountReader.open(tables, hits::retired);
  }

  void end(@Disposes CountReader counts) {
    counts.close();
  }

  @Produces
  @Singleton
  Reporter reporter(AgentSettings settings, KafkaSettings kafka) {
    return new Reporter(kafka, Topics.applied(node(settings), settings.history().window()));
  }

  void end(@Disposes Reporter reporter) {
    reporter.close();
  }

  @Produces
  @Singleton
  @Startup
  EnforcerAgent agent(
      AgentSettings settings,
      KafkaSettings kafka,
      Reporter reporter,
      Observer observer,
      HitCounters hits,
      DeniedSample denied,
      @ConfigProperty(name = "quarkus.application.version") String build) {
    var node = node(settings);
    var mark = CutMark.parse(settings.cutMark());
    var events = KernelEvents.open();
    var kernel = new Kernel(NftWay.parse(settings.nft()).open(), Generation.open(), events);
    var guard = new PodGuard.Setting(GuardMode.parse(settings.guard()), settings.guardOpenAfter());
    var guardLinks = GuardLinks.parse(settings.guardLinks().orElse(List.of()));
    var local =
        new LocalEdits.Settings(
            mark, denied.perSecond(), LocalSets.EMPTY.withGuardLinks(guardLinks.patterns()));
    var table = new EnforcedTable(kernel, StandIn.open(), hits, local);
    var results = resultCache(settings, kafka, guard.mode());
    var answers = new AppliedAnswers(table::nft, build);
    return new EnforcerAgent(
        new EnforcerAgent.Setup(
            node,
            Topics.node(node).name(),
            kafka,
            links(settings, results, guardLinks),
            results,
            events,
            guard,
            new NodeState(
                new NodeState.Setup(
                    node,
                    new StateDirectory(settings.state()),
                    BootId.read(settings.bootId()),
                    guard,
                    local))),
        table,
        new LiveConnections(connections(mark), NodeAddresses::now),
        observer,
        status -> reporter.report(answers.answer(status)));
  }

  private static ConnectionTable connections(CutMark mark) {
    try {
      return Conntrack.open(mark);
    } catch (IOException e) {
      return ConnectionTable.unreachable(
          "the kernel's connections cannot be reached: " + e.getMessage());
    }
  }

  private static LinkWatch links(
      AgentSettings settings, ResultCache results, GuardLinks guardLinks) {
    var network = Rtnetlink.open();
    var exempt = new ExemptPods(settings.exemptNamespaces().orElse(Set.of()));
    var local = new LinkWatch.Local(exempt, results::attachments, guardLinks);
    return settings.spoofGuard() ? LinkWatch.on(network, local) : LinkWatch.off(network, local);
  }

  private static ResultCache resultCache(
      AgentSettings settings, KafkaSettings kafka, GuardMode mode) {
    return settings
        .cni()
        .results()
        .map(directory -> ResultCache.of(directory, settings.cni().netns()))
        .orElseGet(
            () ->
                ResultCache.off(
                    Optional.of(mode)
                        .filter(GuardMode.STRICT::equals)
                        .flatMap(_ -> BrokerNames.deadlock(brokers(kafka)))));
  }

  private static String brokers(KafkaSettings kafka) {
    return String.valueOf(kafka.reader().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }

  @Produces
  @Singleton
  HostWatch host(Nft nft) {
    return new HostWatch(new HostReader(nft));
  }

  void end(@Disposes EnforcerAgent agent) {
    agent.close();
  }

  private static String node(AgentSettings settings) {
    var node = settings.nodeName();
    if (!NODE.matcher(node).matches()) {
      throw new IllegalArgumentException("PORTCULLIS_NODE_NAME: not the name of a node: " + node);
    }
    return node;
  }
}
