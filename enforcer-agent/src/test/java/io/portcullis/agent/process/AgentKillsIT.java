package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.PodNetwork;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.PortRange;
import io.portcullis.net.Protocol;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.Element;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.NodeRecord.AddressSet;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.NodeRecord.Member;
import io.portcullis.ruleset.Ports;
import io.portcullis.ruleset.Rule;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.SetId;
import io.portcullis.ruleset.SetKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An agent that is killed again and again while versions come, with packets all the time. */
class AgentKillsIT {
  private static final int KILLS = Integer.getInteger("portcullis.kills", 5);
  private static final String CLIENT = "10.244.0.5";
  private static final String SERVER = "10.244.0.6";
  private static final int ALLOWED = 5_000;
  private static final int DENIED = 4_711;

  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private final Random random = new Random();
  private volatile boolean ended;

  @Test
  void noPacketGetsAVerdictThatNoVersionGives() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          try (var network = new PodNetwork(STAGES.namespace())) {
            var client = network.pod(CLIENT, "fd00:10:244::5").name();
            var server = network.pod(SERVER, "fd00:10:244::6").name();
            var first = rules();
            stage.enforcedSoon(first, stage.writer().write(first));
            try (var denied = new Flow(server, SERVER, DENIED);
                var allowed = new Flow(server, SERVER, ALLOWED)) {
              var sender = sender(client, denied, allowed);
              var writer = Thread.ofPlatform().start(() -> write(stage.writer()));
              for (var i = 0; i < KILLS; i++) {
                Thread.sleep(random.nextInt(3_000));
                stage.agent().killHard();
                stage.agent().start();
              }
              await().until(stage.agent()::isReady);
              ended = true;
              writer.join();
              sender.join();
              var last = rules();
              stage.enforcedSoon(last, stage.writer().write(last));
              denied.awaitLast(server);
              await().until(() -> allowed.came.get() == allowed.sent.get());
              assertThat(denied.sent.get()).isGreaterThan(100);
              assertThat(denied.came.get()).as("of %d denied", denied.sent.get()).isZero();
            }
          }
        });
  }

  private Thread sender(String namespace, Flow... flows) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                InsideNamespace.call(
                    namespace,
                    () -> {
                      while (!ended) {
                        for (var flow : flows) {
                          flow.sendOne();
                        }
                        Thread.sleep(2);
                      }
                      return null;
                    });
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private void write(NodeWriter writer) {
    while (!ended) {
      writer.write(rules());
      try {
        Thread.sleep(20);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /** Members, chains and endpoints of any kind; the one flow is always allowed, the other never. */
  private RuleSet rules() {
    var records = new ArrayList<NodeRecord>();
    var in = chain(Direction.INGRESS, CLIENT, records);
    var out = chain(Direction.EGRESS, SERVER, records);
    records.add(
        new Endpoint(
            IpAddress.parse(SERVER),
            "a/server",
            Optional.of(in.id()),
            Optional.empty(),
            Optional.empty()));
    if (random.nextBoolean()) {
      records.add(
          new Endpoint(
              IpAddress.parse(CLIENT),
              "a/client",
              Optional.empty(),
              Optional.of(out.id()),
              Optional.empty()));
    }
    return RuleSet.of(records);
  }

  private Chain chain(Direction direction, String peer, List<NodeRecord> records) {
    var rules = new ArrayList<Rule>();
    for (var i = random.nextInt(3); i >= 0; i--) {
      var set = SetId.of(SetKind.HOSTS, Family.V4, direction + " " + random.nextInt(4));
      records.add(new AddressSet(set, ""));
      records.add(new Member(set, new Element.Host(IpAddress.parse(peer))));
      for (var more = random.nextInt(5); more > 0; more--) {
        var ip = IpAddress.parse("10.244.1." + random.nextInt(20));
        records.add(new Member(set, new Element.Host(ip)));
      }
      var port = i == 0 ? ALLOWED : 6_000 + random.nextInt(3);
      var ports = Ports.of(List.of(PortRange.of(Protocol.UDP, port)));
      rules.add(new Rule(Optional.of(set), ports, Action.ACCEPT, List.of()));
    }
    var chain = Chain.of(direction, Family.V4, rules, Action.DENY);
    records.add(chain);
    return chain;
  }
}
