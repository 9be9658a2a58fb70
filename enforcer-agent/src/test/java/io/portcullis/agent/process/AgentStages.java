package io.portcullis.agent.process;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.nft.NftRenderer;
import io.portcullis.nft.TestNamespace;
import io.portcullis.topic.TestBroker;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One network namespace with one broker for the tests of a class. Each test has a node of its own,
 * and finds no table.
 */
final class AgentStages
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final AtomicInteger NODES = new AtomicInteger();

  private TestNamespace namespace;
  private TestBroker broker;

  /** What a test does. */
  interface Story {
    void tell(AgentStage stage) throws Exception;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    namespace = TestNamespace.make();
    namespace.run("", "ip", "link", "set", "lo", "up").orThrow();
    broker = InsideNamespace.call(namespace.name(), TestBroker::new);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Awaitility.pollInSameThread(); // the one that is in the namespace
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Awaitility.reset();
    namespace.load(NftRenderer.remove(NftRenderer.TABLE));
    namespace.load(NftRenderer.remove(NftRenderer.SWAP_TABLE));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    broker.close();
    namespace.close();
  }

  TestNamespace namespace() {
    return namespace;
  }

  TestBroker broker() {
    return broker;
  }

  /**
   * Tells the story inside the namespace.
   *
   * @param settings of the agent, as its environment
   */
  void inside(Map<String, String> settings, Story story) throws Exception {
    var node = "node-" + NODES.incrementAndGet() + ".example";
    InsideNamespace.call(
        namespace.name(),
        () -> {
          try (var writer = new NodeWriter(broker.settings(), node);
              var agent = new RunningAgent(node, broker.bootstrap(), settings)) {
            try {
              story.tell(new AgentStage(node, namespace, broker, writer, agent));
            } catch (Exception | AssertionError e) {
              e.addSuppressed(new IllegalStateException("the agent's log:\n" + agent.log()));
              throw e;
            }
          }
          return null;
        });
  }
}
