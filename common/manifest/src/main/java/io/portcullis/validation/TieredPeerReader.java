package io.portcullis.validation;

import io.portcullis.cluster.Direction;
import io.portcullis.cluster.LabelSelector;
import io.portcullis.cluster.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads subjects and peers of tiered policies (A6, A7). */
final class TieredPeerReader {
  private static final String NAMESPACES = "namespaces";
  private static final String PODS = "pods";
  private static final Set<String> PEERS = Set.of(NAMESPACES, PODS);
  private static final int MOST_NETWORKS = 25;
  private static final int MAX_NETWORK = 43;

  /** The schema has no bound, but no longer name can be resolved. */
  private static final int MAX_DOMAIN_NAME = 256;

  private static final String DOMAIN_NAME =
      "^(\\*\\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.)+"
          + "[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.?$";
  private static final Pattern IS_DOMAIN_NAME = Pattern.compile(DOMAIN_NAME);

  /** The end of the warning about an unknown peer. */
  private static final String FAILS_CLOSED =
      ": an Accept rule then matches nothing, a Deny or Pass rule denies every peer";

  private final TieredDialect dialect;
  private final Violations violations;
  private final SchemaSelectorReader selectors;

  TieredPeerReader(TieredDialect dialect, Violations violations) {
    this.dialect = dialect;
    this.violations = violations;
    this.selectors = new SchemaSelectorReader(violations);
  }

  /** Returns the subject; an unknown one is a violation (A8). */
  Optional<Peer.Pods> subject(Field field) {
    if (!field.present() || !field.isObject()) {
      return Optional.empty();
    }
    var before = violations.errors();
    var member = Schema.onlyMember(field, PEERS);
    if (member.isEmpty() && violations.errors() == before) {
      field.invalidObject("holds no subject that is known");
    }
    return member.flatMap(name -> pods(field, name, selectors::ofSubject));
  }

  /** Returns the peers of a rule. */
  KnownItems<Peer> peers(Field list, Direction direction) {
    var known = new ArrayList<Peer>();
    var unknown = Optional.<Field>empty();
    for (var item : Schema.items(list, 1, dialect.most())) {
      var read = peer(item, direction);
      read.ifPresent(known::addAll);
      if (read.isEmpty() && unknown.isEmpty()) {
        unknown = Optional.of(item);
      }
    }
    return new KnownItems<>(known, unknown);
  }

  /** Returns the peers of one item; empty if the item is not known. */
  private Optional<List<Peer>> peer(Field field, Direction direction) {
    if (!Schema.isObject(field)) {
      return Optional.empty();
    }
    var errors = violations.errors();
    var unknown = violations.unknown();
    var read =
        Schema.onlyMember(field, members(direction))
            .flatMap(
                name ->
                    switch (name) {
                      case "nodes" ->
                          selectors
                              .ofPeer(field.child(name))
                              .map(nodes -> List.<Peer>of(new Peer.Nodes(nodes)));
                      case "networks" -> networks(field.child(name));
                      case "domainNames" -> domainNames(field.child(name));
                      default ->
                          pods(field, name, selectors::ofPeer).map(pods -> List.<Peer>of(pods));
                    });
    var understood = read.filter(_ -> violations.unknown() == unknown);
    if (understood.isEmpty() && violations.errors() == errors) { // A8
      field.warn("not known as a peer" + FAILS_CLOSED);
    }
    return understood;
  }

  private Set<String> members(Direction direction) {
    var members = new HashSet<>(PEERS);
    if (direction == Direction.EGRESS) {
      members.addAll(dialect.peersOfEgress());
    }
    return members;
  }

  private Optional<Peer.Pods> pods(
      Field field,
      String member,
      java.util.function.Function<Field, Optional<LabelSelector>> selector) {
    var child = field.child(member);
    if (member.equals(NAMESPACES)) {
      return selector.apply(child).map(namespaces -> pods(namespaces, LabelSelector.EVERYTHING));
    }
    if (!child.isObject()) {
      return Optional.empty();
    }
    child.hasOnly(Set.of("namespaceSelector", "podSelector"));
    var namespaces = namespaces(child, selector);
    var podSelector = Schema.required(child, "podSelector");
    var pods =
        podSelector.present() ? selector.apply(podSelector) : Optional.<LabelSelector>empty();
    return namespaces.flatMap(inNamespaces -> pods.map(some -> pods(inNamespaces, some)));
  }

  /** Reads the namespaces; in v1alpha2 an absent selector selects every namespace. */
  private Optional<LabelSelector> namespaces(
      Field pods, java.util.function.Function<Field, Optional<LabelSelector>> selector) {
    var field = pods.child("namespaceSelector");
    if (field.present()) {
      return selector.apply(field);
    }
    return switch (dialect) {
      case CLUSTER -> Optional.of(LabelSelector.EVERYTHING);
      case ADMIN, BASELINE_ADMIN -> {
        field.required("");
        yield Optional.empty();
      }
    };
  }

  private static Peer.Pods pods(LabelSelector namespaces, LabelSelector pods) {
    return new Peer.Pods(Optional.of(namespaces), Optional.of(pods));
  }

  private static Optional<List<Peer>> networks(Field list) {
    var networks = new ArrayList<Peer>();
    for (var item : Schema.different(list, 1, MOST_NETWORKS)) {
      Schema.text(item, MAX_NETWORK)
          .flatMap(_ -> BlockReader.cidr(item, "Invalid CIDR format provided"))
          .ifPresent(cidr -> networks.add(new Peer.Block(cidr, List.of())));
    }
    return Optional.of(networks);
  }

  /** Checks domain names, which are not resolved yet and so are no known peer (A10). */
  private static Optional<List<Peer>> domainNames(Field list) {
    for (var item : Schema.different(list, 1, MOST_NETWORKS)) {
      Schema.text(item, Integer.MAX_VALUE)
          .filter(
              name -> name.length() > MAX_DOMAIN_NAME || !IS_DOMAIN_NAME.matcher(name).matches())
          .ifPresent(
              _ -> item.invalid(item.path() + " in body should match '" + DOMAIN_NAME + "'"));
    }
    list.warn("names are not resolved yet");
    return Optional.empty();
  }
}
