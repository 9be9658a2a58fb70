package io.portcullis.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import io.portcullis.ruleset.DanglingReferences;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import io.portcullis.ruleset.SetContent;
import io.portcullis.ruleset.SetId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** Going on from change to change gives what compiling anew gives, and says all that it changes. */
class IncrementalPropertyTest {
  private static final int STEPS = 12;

  @Property(tries = 500)
  void whatIsCompiledIsWhatTheObjectsAloneGive(@ForAll Random random, @ForAll boolean exempting) {
    var exempt = exempting ? Set.of("c") : Set.<String>of();
    var compiler = new RuleSetCompiler(new Cluster(List.of()), exempt);
    var objects = new TreeMap<ObjectKey, ClusterObject>();
    Map<String, RuleSet> before = Map.of();
    for (var step = 0; step < STEPS; step++) {
      var touched = compiler.apply(change(random, objects));
      var now = compiler.compileAll();
      assertThat(now).isEqualTo(fromScratch(objects, random, exempt));
      assertThat(touched.nodes()).containsAll(different(before, now));
      assertThat(touched.wide()).isEmpty();
      assertDiffers(before, now);
      before = now;
    }
  }

  /** What is published by what is said to be touched, and by nothing else, is the whole truth. */
  @Property(tries = 300)
  void wideSetsAreApartAndTogetherWithTheRestMakeTheSame(@ForAll Random random) {
    var compiler = new RuleSetCompiler(new Cluster(List.of()), Set.of(), new WideSetPolicy(2));
    var objects = new TreeMap<ObjectKey, ClusterObject>();
    var published = new TreeMap<String, RuleSet>();
    var wideOf = new TreeMap<String, Set<SetId>>();
    var wide = new TreeMap<SetId, SetContent>();
    for (var step = 0; step < STEPS; step++) {
      var touched = compiler.apply(change(random, objects));
      for (var node : touched.nodes()) {
        published.put(node, compiler.narrow(node));
        wideOf.put(
            node, compiler.wide(node).stream().map(SetContent::id).collect(Collectors.toSet()));
      }
      for (var id : touched.wide()) {
        compiler.wide(id).ifPresentOrElse(content -> wide.put(id, content), () -> wide.remove(id));
      }
      assertThat(compiler.wide()).containsExactlyInAnyOrderElementsOf(wide.keySet());
      fromScratch(objects, random, Set.of())
          .forEach(
              (node, rules) -> {
                var own = published.getOrDefault(node, RuleSet.EMPTY);
                var its = wideOf.getOrDefault(node, Set.of()).stream().map(wide::get).toList();
                assertThat(own.with(its)).isEqualTo(rules);
                assertThat(own.with(its).digest()).isEqualTo(rules.digest());
                assertThat(compiler.compile(node)).isEqualTo(rules);
              });
      Statistics.label("wide sets").collect(wide.isEmpty() ? "none" : "some");
    }
  }

  @Property(tries = 200)
  void whenAllIsGoneAndComesAgainAllIsAsItWas(@ForAll Random random) {
    var objects = new TreeMap<ObjectKey, ClusterObject>();
    var compiler = new RuleSetCompiler(new Cluster(List.of()), Set.of());
    compiler.apply(put(RandomClusters.next(random), objects));
    var before = compiler.compileAll();
    var keys = new ArrayList<>(objects.keySet());
    Collections.shuffle(keys, random);
    keys.forEach(key -> compiler.apply(Map.of(key, Optional.empty())));
    assertThat(compiler.compileAll()).isEmpty();
    Collections.shuffle(keys, random);
    keys.forEach(key -> compiler.apply(Map.of(key, Optional.of(objects.get(key)))));
    assertSame(compiler.compileAll(), before);
  }

  /** One object comes, goes or changes; many do; all pods of a namespace go. */
  private static Map<ObjectKey, Optional<ClusterObject>> change(
      Random random, TreeMap<ObjectKey, ClusterObject> objects) {
    var others = new ArrayList<>(RandomClusters.next(random));
    Collections.shuffle(others, random);
    var kind = random.nextInt(6);
    if (kind == 0) {
      return put(others, objects);
    }
    if (kind < 4 || objects.isEmpty()) {
      return put(others.subList(0, Math.min(others.size(), 1 + random.nextInt(2))), objects);
    }
    var keys = new ArrayList<>(objects.keySet());
    var one = keys.get(random.nextInt(keys.size()));
    var gone =
        kind == 4
            ? List.of(one)
            : keys.stream().filter(key -> key.namespace().equals(one.namespace())).toList();
    var changes = new LinkedHashMap<ObjectKey, Optional<ClusterObject>>();
    gone.forEach(key -> changes.put(key, Optional.empty()));
    objects.keySet().removeAll(gone);
    return changes;
  }

  private static Map<ObjectKey, Optional<ClusterObject>> put(
      List<ClusterObject> some, TreeMap<ObjectKey, ClusterObject> objects) {
    var changes = new LinkedHashMap<ObjectKey, Optional<ClusterObject>>();
    for (var object : some) {
      objects.put(object.key(), object);
      changes.put(object.key(), Optional.of(object));
    }
    return changes;
  }

  private static Map<String, RuleSet> fromScratch(
      TreeMap<ObjectKey, ClusterObject> objects, Random random, Set<String> exempt) {
    var shuffled = new ArrayList<>(objects.values());
    Collections.shuffle(shuffled, random);
    return new RuleSetCompiler(new Cluster(shuffled), exempt).compileAll();
  }

  private static List<String> different(Map<String, RuleSet> before, Map<String, RuleSet> now) {
    return now.keySet().stream()
        .filter(node -> !now.get(node).equals(before.getOrDefault(node, RuleSet.EMPTY)))
        .toList();
  }

  /** The difference of neighbouring states, and the digest that is kept with them, are right. */
  private static void assertDiffers(Map<String, RuleSet> before, Map<String, RuleSet> now) {
    now.forEach(
        (node, rules) -> {
          var old = before.getOrDefault(node, RuleSet.EMPTY);
          assertThat(RuleSetChange.between(old, rules).applyTo(old)).isEqualTo(rules);
          var anew = RuleSet.of(rules.records().values());
          assertThat(rules.digest()).isEqualTo(anew.digest());
          assertThat(DanglingReferences.of(rules)).isEmpty();
        });
  }

  private static void assertSame(Map<String, RuleSet> one, Map<String, RuleSet> other) {
    assertThat(one).isEqualTo(other);
    one.forEach((node, rules) -> assertThat(rules.digest()).isEqualTo(other.get(node).digest()));
  }
}
