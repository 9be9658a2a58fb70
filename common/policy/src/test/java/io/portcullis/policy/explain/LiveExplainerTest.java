package io.portcullis.policy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.cluster.ObjectKey;
import io.portcullis.net.Flow;
import io.portcullis.net.Protocol;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.explain.Question.Party;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What decides about two ends is enough to answer as the whole cluster does. */
class LiveExplainerTest {
  private static final Set<String> EXEMPT = Set.of("c");

  @Provide
  Arbitrary<List<ClusterObject>> clusters() {
    return Arbitraries.randomValue(RandomClusters::next);
  }

  @Property(tries = 40)
  void theAnswerIsThatOfTheWholeCluster(@ForAll("clusters") List<ClusterObject> objects) {
    var cluster = new Cluster(objects);
    var whole = new Explainer(cluster, EXEMPT);
    var live = new LiveExplainer(cluster, EXEMPT);
    for (var from : parties(objects)) {
      for (var to : parties(objects)) {
        for (var port : ports()) {
          var question = new Question(from, to, port);
          assertThat(live.answer(question))
              .as("%s in %s", question, objects)
              .isEqualTo(whole.answer(question));
        }
      }
    }
  }

  private static List<Party> parties(List<ClusterObject> objects) {
    var parties = new ArrayList<Party>();
    RandomClusters.addresses().forEach(ip -> parties.add(new Party.Address(ip)));
    objects.stream()
        .filter(Pod.class::isInstance)
        .forEach(pod -> parties.add(new Party.NamedPod(pod.key())));
    parties.add(new Party.NamedPod(ObjectKey.pod("a", "nobody")));
    return parties;
  }

  private static List<Optional<Flow.Port>> ports() {
    var number = RandomClusters.PORTS.iterator().next();
    return List.of(Optional.empty(), Optional.of(new Flow.Port(Protocol.TCP, number)));
  }
}
