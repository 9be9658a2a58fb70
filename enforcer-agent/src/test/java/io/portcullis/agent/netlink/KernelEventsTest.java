package io.portcullis.agent.netlink;

import static io.portcullis.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.agent.kernel.InsideNamespace;
import io.portcullis.nft.TestNamespace;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The real kernel, in a namespace of the test's own. */
class KernelEventsTest {

  /** Counts what is noticed. */
  private static final class Listener implements AutoCloseable {
    private final KernelEvents events = KernelEvents.open().orElseThrow();
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger noticed = new AtomicInteger();

    Listener() {
      events.start(first::incrementAndGet, noticed::incrementAndGet);
    }

    void notices(Runnable change) {
      var before = noticed.get();
      change.run();
      await().until(() -> noticed.get() > before);
      assertThat(first.get()).isGreaterThanOrEqualTo(noticed.get());
    }

    @Override
    public void close() {
      events.close();
    }
  }

  @Test
  void changesOfTablesLinksAndRoutesAreNoticed() throws Exception {
    try (var namespace = TestNamespace.make();
        var listener = InsideNamespace.call(namespace.name(), Listener::new)) {
      assertThat(listener.events.areNoticed()).isTrue();
      listener.notices(() -> namespace.load("add table ip others"));
      listener.notices(() -> namespace.run("", "ip", "link", "set", "lo", "up").orThrow());
      listener.notices(
          () -> namespace.run("", "ip", "route", "add", "192.0.2.0/24", "dev", "lo").orThrow());
    }
  }

  @Test
  void changesOfTablesAreNotNoticedInAPause() throws Exception {
    try (var namespace = TestNamespace.make();
        var listener = InsideNamespace.call(namespace.name(), Listener::new);
        var witness = InsideNamespace.call(namespace.name(), Listener::new)) {
      listener.events.pauseTables();
      witness.notices(() -> namespace.load("add table ip others"));
      listener.events.resumeTables();
      assertThat(listener.noticed).hasValue(0);
      listener.notices(() -> namespace.load("delete table ip others"));
    }
  }
}
