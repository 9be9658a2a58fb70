package io.portcullis.policy.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcullis.cluster.ClusterObject;
import io.portcullis.cluster.ClusterObject.Node;
import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.Family;
import io.portcullis.net.Flow;
import io.portcullis.net.IpAddress;
import io.portcullis.oracle.NetworkText;
import io.portcullis.oracle.Oracle;
import io.portcullis.oracle.RandomChange;
import io.portcullis.oracle.RandomClusters;
import io.portcullis.policy.state.Cluster;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What random changes open and close, pods' changes among them, against the oracle: every two
 * parties, every port at a bound and beside it. A pod that stays is compared with itself; of a
 * party whose pods came, went or moved, the question is what any of its pods can do.
 */
class ChangedPodsOracleTest {
  private static final int CHANGES = Integer.getInteger("portcullis.reach.changes", 100);
  private static final String NODES = "node";
  private static final String OWN_NODE = new Party.OwnNode().text();
  private static final String ITSELF = new Party.ItselfThroughService().text();

  /** A pod, a node or an address outside. */
  private record Member(IpAddress address, String name, String party, Optional<Pod> pod) {
    boolean isPod() {
      return pod.isPresent();
    }
  }

  /** One state, with the oracle of what it means. */
  private record State(Oracle oracle, List<Member> members, List<Node> nodes) {
    static State of(Level level, List<ClusterObject> objects, Snapshot snapshot) {
      var members = new ArrayList<Member>();
      snapshot
          .pods()
          .forEach(
              (ip, pod) ->
                  members.add(
                      new Member(ip, Level.POD.name(pod), level.name(pod), Optional.of(pod))));
      snapshot
          .nodes()
          .forEach(
              (ip, nodes) ->
                  nodes.forEach(
                      node ->
                          members.add(new Member(ip, node, node(level, node), Optional.empty()))));
      var nodes = objects.stream().filter(o -> o instanceof Node).map(o -> (Node) o).toList();
      return new State(new Oracle(objects, Set.of()), List.copyOf(members), nodes);
    }

    private static String node(Level level, String node) {
      return level == Level.POD ? "node " + node : "nodes";
    }

    List<Member> of(String party, Family family) {
      return members.stream()
          .filter(one -> one.party().equals(party) && one.address().family() == family)
          .toList();
    }

    boolean has(Member member) {
      return members.stream().anyMatch(one -> isSame(one, member));
    }

    private static boolean isSame(Member one, Member other) {
      return one.address().equals(other.address())
          && one.name().equals(other.name())
          && one.party().equals(other.party())
          && one.pod().map(Pod::node).equals(other.pod().map(Pod::node));
    }

    boolean isOwnNode(Member pod, IpAddress address) {
      return pod.isPod()
          && members.stream().noneMatch(one -> one.isPod() && one.address().equals(address))
          && nodes.stream()
              .anyMatch(
                  node ->
                      node.key().name().equals(pod.pod().get().node())
                          && node.addresses().contains(address));
    }

    /** Tells whether policies decide between the two. */
    boolean areTwoEnds(Member from, Member to) {
      return !from.address().equals(to.address())
          && (from.isPod() || to.isPod())
          && !isOwnNode(from, to.address())
          && !isOwnNode(to, from.address());
    }

    boolean allowed(Member from, Member to, Optional<Flow.Port> port) {
      return oracle.allowed(new Flow(from.address(), to.address(), port));
    }
  }

  @Test
  void rowsSayWhatIsOpenedAndClosed() {
    for (var seed = 1L; seed <= CHANGES; seed++) {
      var level = Level.values()[(int) (seed % Level.values().length)];
      var change = RandomChange.of(seed, EnumSet.allOf(RandomChange.Kind.class));
      var preview = Preview.of(new Cluster(change.before()), Set.of(), change.objects());
      new Compared(
              "change %d %s by %s".formatted(seed, change.kinds(), level),
              new ChangeQuery(level).rows(preview.before(), preview.after()),
              State.of(level, change.before(), preview.before()),
              State.of(level, change.after(), preview.after()))
          .check();
    }
  }

  /** One change: the rows about it, and both states. */
  private record Compared(String name, List<Row> rows, State before, State now) {

    void check() {
      for (var family : Family.values()) {
        var parties = new TreeSet<String>();
        before.members().forEach(one -> parties.add(one.party()));
        now.members().forEach(one -> parties.add(one.party()));
        for (var source : parties) {
          for (var destination : parties) {
            between(family, source, destination);
          }
          if (!source.startsWith(NODES)) {
            own(family, source);
            RandomClusters.addresses().stream()
                .filter(ip -> ip.family() == family && isOutside(ip) && isNamed(family, source))
                .forEach(ip -> outside(family, source, ip));
          }
        }
      }
    }

    /** Tells whether rows name all networks; those of many are told by a few of them. */
    private boolean isNamed(Family family, String pods) {
      return rows.stream()
          .filter(row -> row.families().contains(family))
          .map(row -> List.of(row.source().party(), row.destination().party()))
          .filter(ends -> ends.stream().anyMatch(end -> end.text().equals(pods)))
          .flatMap(List::stream)
          .noneMatch(end -> end instanceof Party.Outside(var text) && !NetworkText.isWhole(text));
    }

    private boolean isOutside(IpAddress ip) {
      return before.members().stream().noneMatch(one -> one.address().equals(ip))
          && now.members().stream().noneMatch(one -> one.address().equals(ip));
    }

    private void between(Family family, String source, String destination) {
      check(
          family,
          source,
          destination,
          row ->
              row.source().party().text().equals(source)
                  && row.destination().party().text().equals(destination),
          (state, port) -> pairs(state, family, source, destination, port),
          isChanged(source) || isChanged(destination));
    }

    /** Returns the pairs of members that may talk, each as the names and addresses of both. */
    private Set<String> pairs(
        State state, Family family, String source, String destination, Optional<Flow.Port> port) {
      var pairs = new HashSet<String>();
      for (var from : state.of(source, family)) {
        for (var to : state.of(destination, family)) {
          if (state.areTwoEnds(from, to) && state.allowed(from, to, port)) {
            pairs.add(text(from) + " " + text(to));
          }
        }
      }
      return pairs;
    }

    private String text(Member one) {
      var stays = before.has(one) && now.has(one);
      return one.name() + "@" + one.address() + (stays ? "" : " moved");
    }

    private void outside(Family family, String pods, IpAddress ip) {
      var outside = new Member(ip, ip.toString(), ip.toString(), Optional.empty());
      check(
          family,
          pods,
          ip.toString(),
          row -> row.source().party().text().equals(pods) && names(row.destination().party(), ip),
          (state, port) -> some(state.of(pods, family), one -> state.allowed(one, outside, port)),
          isChanged(pods));
      check(
          family,
          ip.toString(),
          pods,
          row -> row.destination().party().text().equals(pods) && names(row.source().party(), ip),
          (state, port) -> some(state.of(pods, family), one -> state.allowed(outside, one, port)),
          isChanged(pods));
    }

    private static boolean names(Party party, IpAddress ip) {
      return party instanceof Party.Outside(var text) && NetworkText.contains(text, ip);
    }

    private Set<String> some(List<Member> of, Predicate<Member> which) {
      return of.stream().filter(which).map(this::text).collect(Collectors.toSet());
    }

    private void own(Family family, String pods) {
      check(
          family,
          pods,
          OWN_NODE,
          row ->
              row.source().party().text().equals(pods)
                  && row.destination().party() instanceof Party.OwnNode,
          (state, port) -> some(state.of(pods, family), one -> toOwnNode(state, one, port)),
          isChanged(pods));
      if (!before.of(pods, family).isEmpty() && !now.of(pods, family).isEmpty()) {
        check(
            family,
            pods,
            ITSELF,
            row ->
                row.source().party().text().equals(pods)
                    && row.destination().party() instanceof Party.ItselfThroughService,
            (state, port) ->
                some(
                    state.of(pods, family),
                    one -> state.oracle().allowedThroughService(one.address(), port)),
            isChanged(pods));
      }
    }

    private static boolean toOwnNode(State state, Member pod, Optional<Flow.Port> port) {
      return state.nodes().stream()
          .flatMap(node -> node.addresses().stream())
          .filter(ip -> ip.family() == pod.address().family() && state.isOwnNode(pod, ip))
          .anyMatch(ip -> state.oracle().allowed(new Flow(pod.address(), ip, port)));
    }

    /** Tells whether pods of a party came, went or moved. */
    private boolean isChanged(String party) {
      return hasLeft(before, now, party) || hasLeft(now, before, party);
    }

    private static boolean hasLeft(State one, State other, String party) {
      return one.members().stream()
          .anyMatch(member -> member.isPod() && member.party().equals(party) && !other.has(member));
    }

    private interface Talking {
      Set<String> of(State state, Optional<Flow.Port> port);
    }

    private void check(
        Family family,
        String source,
        String destination,
        Predicate<Row> about,
        Talking talking,
        boolean asAWhole) {
      var opened = ports(Row.Effect.OPENED, family, about);
      var closed = ports(Row.Effect.CLOSED, family, about);
      for (var port : ReachabilityOracleTest.ports(opened.or(closed))) {
        var was = talking.of(before, port);
        var is = talking.of(now, port);
        assertThat(opened.contains(port))
            .as("%s opens %s %s -> %s on %s", name, family, source, destination, port)
            .isEqualTo(happens(was, is, asAWhole));
        assertThat(closed.contains(port))
            .as("%s closes %s %s -> %s on %s", name, family, source, destination, port)
            .isEqualTo(happens(is, was, asAWhole));
      }
    }

    /** Tells whether some who stay can now, or any can of a party of which none could. */
    private static boolean happens(Set<String> was, Set<String> is, boolean asAWhole) {
      return is.stream().anyMatch(one -> !one.contains(" moved") && !was.contains(one))
          || asAWhole && was.isEmpty() && !is.isEmpty();
    }

    private PortSet ports(Row.Effect effect, Family family, Predicate<Row> about) {
      return rows.stream()
          .filter(row -> row.effect() == effect && row.families().contains(family))
          .filter(row -> about.test(row))
          .map(Row::ports)
          .reduce(PortSet.NOTHING, PortSet::or);
    }
  }
}
