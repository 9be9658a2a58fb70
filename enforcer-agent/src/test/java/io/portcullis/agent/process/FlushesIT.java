package io.portcullis.agent.process;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.agent.kernel.NftWay;
import io.portcullis.agent.kernel.PodNetwork;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.Action;
import io.portcullis.ruleset.NodeRecord.Chain;
import io.portcullis.ruleset.NodeRecord.Endpoint;
import io.portcullis.ruleset.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * All tables are flushed again and again beside a flow that is always denied.
 *
 * <p>{@code -Dportcullis.flushes=1200} flushes for a minute, and prints for which share of the time
 * the node was open.
 */
class FlushesIT {
  private static final int FLUSHES = Integer.getInteger("portcullis.flushes", 40);
  private static final Duration BETWEEN_FLUSHES = Duration.ofMillis(50);
  private static final Duration BETWEEN_PACKETS = Duration.ofNanos(500_000);
  private static final String CLIENT = "10.244.0.5";
  private static final String SERVER = "10.244.0.6";
  private static final int DENIED = 4_711;

  @RegisterExtension static final AgentStages STAGES = new AgentStages();

  private volatile boolean ended;

  @Test
  void enforcementReturnsAtOnceEachTime() throws Exception {
    STAGES.inside(
        Map.of(),
        stage -> {
          try (var network = new PodNetwork(STAGES.namespace())) {
            var client = network.pod(CLIENT, "fd00:10:244::5").name();
            var server = network.pod(SERVER, "fd00:10:244::6").name();
            var rules = rules();
            stage.enforcedSoon(rules, stage.writer().write(rules));
            try (var denied = new Flow(server, SERVER, DENIED)) {
              var sender = sender(client, denied);
              var usedBefore = stage.agent().processorTime();
              var began = System.nanoTime();
              flushAgainAndAgain();
              var took = System.nanoTime() - began;
              var used = stage.agent().processorTime().minus(usedBefore);
              ended = true;
              sender.join();
              await()
                  .ignoreExceptionsInstanceOf(IllegalStateException.class)
                  .until(() -> stage.dump().digest().equals(rules.digest()));
              System.out.printf(
                  "flushed %d times: away %.2f %% of the time (%d of %d denied packets came),"
                      + " agent %.1f %% of a core%n",
                  FLUSHES,
                  100.0 * denied.came.get() / denied.sent.get(),
                  denied.came.get(),
                  denied.sent.get(),
                  100.0 * used.toNanos() / took);
              assertThat(stage.agent().rules("/rules/drift").path("count").asInt())
                  .isBetween(1, FLUSHES);
              var came = denied.came.get();
              InsideNamespace.call(
                  client,
                  () -> {
                    denied.sendOne();
                    return null;
                  });
              denied.awaitLast(server);
              assertThat(denied.came.get()).isEqualTo(came);
            }
          }
        });
  }

  private static void flushAgainAndAgain() throws Exception {
    try (var nft = NftWay.LIBRARY.open()) {
      var due = System.nanoTime();
      for (var i = 0; i < FLUSHES; i++) {
        nft.run("flush ruleset");
        due += BETWEEN_FLUSHES.toNanos();
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }

  private Thread sender(String namespace, Flow flow) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                InsideNamespace.call(
                    namespace,
                    () -> {
                      while (!ended) {
                        flow.sendOne();
                        LockSupport.parkNanos(BETWEEN_PACKETS.toNanos());
                      }
                      return null;
                    });
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** Nothing may come to the server. */
  private static RuleSet rules() {
    var closed = Chain.of(Direction.INGRESS, Family.V4, List.of(), Action.DENY);
    return RuleSet.of(
        List.of(
            closed,
            new Endpoint(
                IpAddress.parse(SERVER),
                "a/server",
                Optional.of(closed.id()),
                Optional.empty(),
                Optional.empty())));
  }
}
