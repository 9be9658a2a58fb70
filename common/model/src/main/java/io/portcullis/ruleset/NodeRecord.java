package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.net.IpRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A record of a node's topic. A {@link Marker} closes a version of them.
 *
 * <p>Keys: {@code set/<id>}, {@code set/<id>/<element>}, {@code chain/<id>}, {@code endpoint/<ip>},
 * {@code podcidr/<first>-<last>}.
 */
public sealed interface NodeRecord {

  /** Returns the key of the record in the topic. */
  @JsonIgnore
  String key();

  /** Returns the enforceable part as text, which the kernel holds and the digest covers. */
  @JsonIgnore
  String canonical();

  /**
   * A set, without its members.
   *
   * @param definition what its members have in common, for people to read
   */
  record AddressSet(SetId id, String definition) implements NodeRecord {
    @Override
    public String key() {
      return "set/" + id;
    }

    @Override
    public String canonical() {
      return "";
    }
  }

  /** A member of a set. */
  record Member(SetId set, Element element) implements NodeRecord {
    public Member {
      if (element.kind() != set.kind() || element.family() != set.family()) {
        throw new IllegalArgumentException("no member of " + set + ": " + element);
      }
    }

    @Override
    public String key() {
      return "set/" + set + "/" + element;
    }

    @Override
    public String canonical() {
      return "";
    }
  }

  /**
   * A chain. It never changes: a chain with another id replaces it.
   *
   * @param policies the policies that it stands for, as {@code Kind/namespace/name}, with or
   *     without a rule; for people to read
   */
  record Chain(ChainId id, Family family, List<Rule> rules, Action end, List<String> policies)
      implements NodeRecord {
    public Chain {
      rules = List.copyOf(rules);
      policies = policies == null ? List.of() : policies.stream().distinct().sorted().toList();
      for (var rule : rules) {
        if (rule.peers().filter(set -> set.family() != family).isPresent()) {
          throw new IllegalArgumentException("a set of another family in chain " + id);
        }
      }
      if (!id.hash().equals(ContentHash.of(content(family, id.direction(), rules, end)))) {
        throw new IllegalArgumentException("not the content of chain " + id);
      }
    }

    /** Returns the chain with these rules, which is named by them. */
    public static Chain of(Direction direction, Family family, List<Rule> rules, Action end) {
      return of(direction, family, rules, end, List.of());
    }

    /** Returns the chain with these rules, which stands for these policies. */
    public static Chain of(
        Direction direction, Family family, List<Rule> rules, Action end, List<String> policies) {
      var hash = ContentHash.of(content(family, direction, rules, end));
      return new Chain(new ChainId(direction, hash), family, rules, end, policies);
    }

    /** Returns this chain, standing for these policies. */
    public Chain standingFor(Collection<String> names) {
      return new Chain(id, family, rules, end, List.copyOf(names));
    }

    /**
     * Returns one chain for several that are equal in the kernel; it stands for the policies of
     * all.
     *
     * @throws IllegalArgumentException when they are not equal
     */
    public static Chain united(List<Chain> chains) {
      var first = chains.getFirst();
      if (chains.stream().anyMatch(chain -> !chain.id.equals(first.id))) {
        throw new IllegalArgumentException("not one chain: " + chains);
      }
      if (chains.size() == 1) {
        return first;
      }
      var rules = new ArrayList<Rule>();
      for (var i = 0; i < first.rules.size(); i++) {
        var at = i;
        rules.add(
            first
                .rules
                .get(at)
                .causedBy(
                    chains.stream()
                        .flatMap(chain -> chain.rules.get(at).causes().stream())
                        .toList()));
      }
      var names = chains.stream().flatMap(chain -> chain.policies.stream()).toList();
      return new Chain(first.id, first.family, rules, first.end, names);
    }

    @Override
    public String key() {
      return "chain/" + id;
    }

    @Override
    public String canonical() {
      return content(family, id.direction(), rules, end);
    }

    private static String content(
        Family family, Direction direction, List<Rule> rules, Action end) {
      return rules.stream()
          .map(Rule::canonical)
          .collect(Collectors.joining("\n", family + " " + direction + "\n", "\n" + end));
    }
  }

  /**
   * A range of the node's pod CIDRs. An address in it that is no endpoint belongs to a pod which is
   * not known yet (C1). The ranges of a node are disjoint and do not adjoin.
   */
  record PodCidr(IpRange range) implements NodeRecord {
    @Override
    public String key() {
      return "podcidr/" + range;
    }

    @Override
    public String canonical() {
      return "";
    }
  }

  /**
   * An address of a local pod.
   *
   * @param pod {@code namespace/name}, for people to read
   * @param ingress the chain for ingress; absent where no policy touches it
   * @param egress the chain for egress; absent where no policy touches it
   * @param toOwnNode the chain for traffic to the node itself (T5); absent where no policy touches
   *     it
   */
  record Endpoint(
      IpAddress ip,
      String pod,
      Optional<ChainId> ingress,
      Optional<ChainId> egress,
      Optional<ChainId> toOwnNode)
      implements NodeRecord {
    public Endpoint {
      for (var way : TrafficPath.values()) {
        if (pick(way, ingress, egress, toOwnNode)
            .filter(id -> id.direction() != way.direction())
            .isPresent()) {
          throw new IllegalArgumentException("a chain of the other direction at endpoint " + ip);
        }
      }
    }

    public Optional<ChainId> chain(TrafficPath way) {
      return pick(way, ingress, egress, toOwnNode);
    }

    private static Optional<ChainId> pick(
        TrafficPath way,
        Optional<ChainId> ingress,
        Optional<ChainId> egress,
        Optional<ChainId> toOwnNode) {
      return switch (way) {
        case INGRESS -> ingress;
        case EGRESS -> egress;
        case TO_OWN_NODE -> toOwnNode;
      };
    }

    @Override
    public String key() {
      return "endpoint/" + ip;
    }

    @Override
    public String canonical() {
      return Stream.of(TrafficPath.values())
          .map(way -> chain(way).map(ChainId::toString).orElse("-"))
          .collect(Collectors.joining(" "));
    }
  }
}
