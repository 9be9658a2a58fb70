package io.portcullis.ruleset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.portcullis.cluster.Direction;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One record of a node's topic; the marker ({@link Marker}) closes a version of them.
 *
 * <p>Keys: {@code set/<id>}, {@code set/<id>/<element>}, {@code chain/<id>}, {@code endpoint/<ip>}.
 */
public sealed interface NodeRecord {

  @JsonIgnore
  String key();

  /** The enforceable part as text: what the kernel will hold, and what the digest runs over. */
  @JsonIgnore
  String canonical();

  /**
   * A set exists.
   *
   * @param definition what its members have in common, for readers
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

  /** A chain; it never changes, it is replaced by one with another id. */
  record Chain(ChainId id, Family family, List<Rule> rules, Action end) implements NodeRecord {
    public Chain {
      rules = List.copyOf(rules);
      for (var rule : rules) {
        if (rule.peers().filter(set -> set.family() != family).isPresent()) {
          throw new IllegalArgumentException("a set of another family in chain " + id);
        }
      }
      if (!id.hash().equals(Ids.hash(content(family, id.direction(), rules, end)))) {
        throw new IllegalArgumentException("not the content of chain " + id);
      }
    }

    /** The chain with these rules, named by them. */
    public static Chain of(Direction direction, Family family, List<Rule> rules, Action end) {
      var hash = Ids.hash(content(family, direction, rules, end));
      return new Chain(new ChainId(direction, hash), family, rules, end);
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
   * An address of a local pod.
   *
   * @param pod {@code namespace/name}, for readers
   * @param ingress absent: no policy touches it there
   * @param egress likewise
   */
  record Endpoint(IpAddress ip, String pod, Optional<ChainId> ingress, Optional<ChainId> egress)
      implements NodeRecord {
    public Endpoint {
      if (ingress.filter(id -> id.direction() != Direction.INGRESS).isPresent()
          || egress.filter(id -> id.direction() != Direction.EGRESS).isPresent()) {
        throw new IllegalArgumentException("a chain of the other direction at endpoint " + ip);
      }
    }

    public Optional<ChainId> chain(Direction direction) {
      return switch (direction) {
        case INGRESS -> ingress;
        case EGRESS -> egress;
      };
    }

    @Override
    public String key() {
      return "endpoint/" + ip;
    }

    @Override
    public String canonical() {
      return ingress.map(ChainId::toString).orElse("-")
          + " "
          + egress.map(ChainId::toString).orElse("-");
    }
  }
}
