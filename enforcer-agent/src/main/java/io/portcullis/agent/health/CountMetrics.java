package io.portcullis.agent.health;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.portcullis.agent.AgentSettings;
import io.portcullis.agent.EnforcerAgent;
import io.portcullis.agent.counters.CountReader;
import io.portcullis.agent.counters.Counts;
import io.portcullis.agent.counters.Counts.Denied;
import io.portcullis.agent.kernel.NftException;
import io.portcullis.agent.status.EnforcedVersion;
import io.portcullis.cluster.Direction;
import io.portcullis.ruleset.CountedRule;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What rules and pods count, read when it is scraped. The number of series is bounded: by the
 * setting for rules, by the node's pods for what they were denied.
 */
@Singleton
final class CountMetrics extends Collector implements Collector.Describable {
  private static final Logger LOG = LoggerFactory.getLogger(CountMetrics.class);
  private static final int MOST_CAUSES = 3;

  /** The label of all rules beyond the bound. */
  private static final String OTHERS = "others";

  private final EnforcerAgent agent;
  private final CountReader reader;
  private final int mostRules;

  CountMetrics(EnforcerAgent agent, CountReader reader, AgentSettings settings) {
    this.agent = agent;
    this.reader = reader;
    this.mostRules = settings.hits().series();
  }

  /** Quarkus' own producer of a {@code CollectorRegistry} makes one that nobody scrapes. */
  @SuppressWarnings("deprecation") // Quarkus scrapes no other
  void register(@Observes StartupEvent started, PrometheusMeterRegistry registry) {
    registry.getPrometheusRegistry().register(this);
  }

  @Override
  public List<MetricFamilySamples> describe() {
    return List.of(rules(), decided(), denied());
  }

  private static CounterMetricFamily rules() {
    return new CounterMetricFamily(
        "portcullis_agent_rule_hits",
        "packets of new connections that a policy's rule matched",
        List.of("direction", "verdict", "rule"));
  }

  private static CounterMetricFamily decided() {
    return new CounterMetricFamily(
        "portcullis_agent_hits",
        "packets of new connections that any policy's rule matched",
        List.of("direction", "verdict"));
  }

  private static CounterMetricFamily denied() {
    return new CounterMetricFamily(
        "portcullis_agent_denied_packets",
        "packets that policies denied to a pod, or from it",
        List.of("direction", "pod"));
  }

  @Override
  public List<MetricFamilySamples> collect() {
    var rules = rules();
    var decided = decided();
    var denied = denied();
    var held = agent.status().enforced().map(EnforcedVersion::rules);
    if (held.isPresent()) {
      try {
        var counts = reader.read(held.get());
        add(rules, byRule(counts));
        add(decided, byDirection(counts));
        add(denied, byPod(counts));
      } catch (NftException e) {
        LOG.debug("no counters", e);
      }
    }
    return List.of(rules, decided, denied);
  }

  private static void add(CounterMetricFamily family, Map<List<String>, Long> values) {
    values.forEach((labels, value) -> family.addMetric(labels, value));
  }

  private Map<List<String>, Long> byRule(Counts counts) {
    var values = new LinkedHashMap<List<String>, Long>();
    var seen = 0;
    for (var hit : counts.hits().entrySet()) {
      var rule = hit.getKey();
      var name = seen++ < mostRules ? name(rule) : OTHERS;
      var labels = List.of(text(rule.direction()), rule.verdict(), name);
      values.merge(labels, hit.getValue().packets(), Long::sum);
    }
    return values;
  }

  private static Map<List<String>, Long> byDirection(Counts counts) {
    var values = new LinkedHashMap<List<String>, Long>();
    counts
        .hits()
        .forEach(
            (rule, counter) ->
                values.merge(
                    List.of(text(rule.direction()), rule.verdict()), counter.packets(), Long::sum));
    return values;
  }

  private static Map<List<String>, Long> byPod(Counts counts) {
    var values = new LinkedHashMap<List<String>, Long>();
    for (var denied : counts.denied()) {
      values.merge(
          List.of(text(denied.direction()), name(denied)), denied.counter().packets(), Long::sum);
    }
    return values;
  }

  private static String name(CountedRule rule) {
    var causes = rule.causes();
    var more = causes.size() - MOST_CAUSES;
    var first = String.join(", ", causes.subList(0, Math.min(MOST_CAUSES, causes.size())));
    return more > 0 ? first + " and " + more + " more" : first;
  }

  private static String name(Denied denied) {
    return denied.pod().isEmpty() ? denied.ip().toString() : denied.pod();
  }

  private static String text(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }
}
