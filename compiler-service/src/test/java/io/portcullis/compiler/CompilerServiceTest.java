package io.portcullis.compiler;

import static io.portcullis.Patience.await;
import static io.portcullis.compiler.TestObjects.deny;
import static io.portcullis.compiler.TestObjects.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.topic.TestBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The compiler as it is deployed: its settings, endpoints, health and metrics. */
@QuarkusTest
@QuarkusTestResource(value = CompilerServiceTest.Broker.class, restrictToAnnotatedClass = true)
class CompilerServiceTest {
  private static TestBroker broker;

  @Inject CompilerSettings settings;

  @TestHTTPResource("/")
  URI endpoints;

  @TestHTTPResource(value = "/", management = true)
  URI management;

  /** A broker of this test, and settings that differ from the defaults. */
  public static final class Broker implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      broker = new TestBroker();
      return Map.of(
          "kafka.bootstrap.servers", broker.bootstrap(),
          "quarkus.http.test-port", "0",
          "quarkus.management.test-port", "0",
          "portcullis.exempt-namespaces", "kube-system,monitoring",
          "portcullis.node-topics.grace", "2h");
    }

    @Override
    public void stop() {
      broker.close();
    }
  }

  @Test
  void settingsAreTheOperatorsOrTheDefaults() {
    assertThat(settings.exemptNamespaces()).contains(Set.of("kube-system", "monitoring"));
    assertThat(settings.nodeTopics().grace()).isEqualTo(Duration.ofHours(2));
    assertThat(settings.history().window()).isEqualTo(Duration.ofDays(7));
    assertThat(settings.history().bytes()).isEqualTo(1L << 34);
    assertThat(settings.wideSets().fewestNodes()).isEqualTo(20);
    assertThat(settings.topicReplication()).isEmpty();
  }

  @Test
  void aClusterIsServed() {
    assertThat(get(management, "q/health/live").statusCode()).isEqualTo(200);
    assertThat(get(endpoints, "rulesets/Not%20a%20name").statusCode()).isEqualTo(404);
    assertThat(get(endpoints, "explain?from=shop/api").statusCode()).isEqualTo(400);
    try (var cluster = new TestCluster(broker)) {
      cluster.publish(pod("web", 5), pod("api", 6), deny());
      await("the cluster's position")
          .until(() -> get(management, "q/health/ready").body().contains("\"position\": 3"));
      assertThat(get(management, "q/health/ready").statusCode()).isEqualTo(503);
      assertThat(get(endpoints, "explain?from=shop/api&to=shop/web&port=tcp/80").statusCode())
          .isEqualTo(503);
      cluster.beat();
      var version = cluster.awaitVersion("n1", 0);
      var number = version.marker().number();
      await("readiness").until(() -> get(management, "q/health/ready").statusCode() == 200);
      assertThat(get(endpoints, "rulesets").body()).contains("\"node\":\"n1\"");
      assertThat(get(endpoints, "rulesets/n1").body())
          .contains("\"version\":" + number, "\"build\":", "shop/web");
      assertThat(get(endpoints, "rulesets/n1?version=" + number).body())
          .isEqualTo(get(endpoints, "rulesets/n1").body());
      assertThat(get(endpoints, "rulesets/n1?version=1").statusCode()).isEqualTo(410);
      assertThat(get(endpoints, "rulesets/n2").statusCode()).isEqualTo(404);
      var nft = get(endpoints, "rulesets/n1", "text/plain");
      assertThat(nft.body()).contains("# node n1, version " + number, "table inet");
      assertThat(get(endpoints, "explain?from=shop/api&to=shop/web&port=tcp/80").body())
          .startsWith("{\"verdict\":\"denied\"")
          .contains("NetworkPolicy/shop/deny");
      assertThat(get(endpoints, "explain?from=shop/api&to=shop/web&port=tcp/80", "*/*").body())
          .as("what curl asks for")
          .startsWith("{");
      assertThat(
              get(endpoints, "explain?from=shop/api&to=shop/web&port=tcp/80", "text/plain").body())
          .startsWith("denied: shop/api to shop/web, tcp/80\n  egress: ")
          .contains("\n    policy: NetworkPolicy/shop/deny\n");
      assertThat(get(endpoints, "explain?from=shop/api&to=web&port=tcp/80", "text/plain").body())
          .isEqualTo("to: neither namespace/pod nor an IP address: web\n");
      assertThat(get(management, "q/health/ready").body())
          .contains("\"overloaded\": false", "\"behind\":");
      assertThat(get(management, "q/metrics", "text/plain").body())
          .contains("portcullis_compiler_owned_shards", "portcullis_compiler_cluster_whole")
          .contains("portcullis_compiler_overloaded 0.0", "portcullis_compiler_behind ")
          .contains("portcullis_compiler_take_overs_total ");
    }
  }

  private static HttpResponse<String> get(URI base, String path) {
    return get(base, path, "application/json");
  }

  private static HttpResponse<String> get(URI base, String path, String accept) {
    var request = HttpRequest.newBuilder(base.resolve("/" + path)).header("Accept", accept).build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(base + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
