package io.portcullis.watcher.kubernetes;

import static io.portcullis.validation.Kind.CLUSTER_POLICY;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.KnownKind;
import io.portcullis.cluster.KnownKind.State;
import io.portcullis.validation.Kind;
import io.portcullis.watcher.apiserver.FakeApiServer;
import io.portcullis.watcher.source.SourceEvent;
import java.util.Set;

/** A pod and a policy at a fake API server, and what a source reads of them. */
final class ObservedPolicy implements AutoCloseable {
  static final String BETA = "policy.networking.k8s.io/v1beta1";
  static final String ALPHA = "policy.networking.k8s.io/v1alpha2";
  static final String UNKNOWN = "policy.networking.k8s.io/v1";

  final FakeApiServer server = new FakeApiServer();
  ReadSource read;

  ObservedPolicy() {
    pod("a");
    server.serve(CLUSTER_POLICY);
    policy("deny");
  }

  @Override
  public void close() {
    if (read != null) {
      read.close();
    }
    server.close();
  }

  void start() throws InterruptedException {
    start(Set.of());
  }

  void start(Set<Kind> forgettable) throws InterruptedException {
    read = new ReadSource(server, ReadSource.PATIENT, forgettable);
    read.untilWhole();
  }

  void pod(String name) {
    server.put(Kind.POD, "shop", name, "{\"spec\": {\"nodeName\": \"n1\"}}");
  }

  void policy(String name) {
    server.put(
        CLUSTER_POLICY,
        "",
        name,
        """
        {"metadata": {"generation": 1},
         "spec": {"tier": "Admin", "priority": 5, "subject": {"namespaces": {}}}}
        """);
  }

  KnownKind known() {
    return read.kinds.get(CLUSTER_POLICY);
  }

  boolean is(State state) {
    return read.kinds.containsKey(CLUSTER_POLICY) && known().state() == state;
  }

  void untilIs(State state) throws InterruptedException {
    read.until(
        state.toString(),
        () -> {
          read.passWithLooks();
          return is(state);
        });
  }

  /** Waits for some looks at the server, of which one asks for the kind's definition. */
  void untilLookedAgain() throws InterruptedException {
    var before = server.requests("/readyz").size();
    read.until("more looks", () -> server.requests("/readyz").size() > before + 10);
  }

  void nothingIsGone() {
    assertThat(read.events)
        .noneMatch(event -> event instanceof SourceEvent.Changed c && !c.gone().isEmpty());
    assertThat(read.objects).containsKey("deny");
    assertThat(read.losses()).isEmpty();
  }

  void otherKindsGoOn(String newPod) throws InterruptedException {
    pod(newPod);
    read.until("another pod", () -> read.objects.containsKey(newPod));
  }
}
