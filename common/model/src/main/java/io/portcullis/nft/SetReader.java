package io.portcullis.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.portcullis.net.Family;
import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.NodeRecord;
import io.portcullis.ruleset.SetId;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads the sets of a listing: those of the rule set, and those that every table has. */
final class SetReader {
  private static final JsonNode COUNTER = ListingJson.json("[{'counter':null}]");

  private final Findings findings;
  private final EndpointReader endpoints;
  private final RejudgeReader rejudging;
  private final SortedSet<String> links = new TreeSet<>();
  private final SortedSet<String> guardLinks = new TreeSet<>();
  private final SortedSet<Family> openCidrs = new TreeSet<>();
  private final SortedSet<IpAddress> known = new TreeSet<>();
  private GuardLease guard = GuardLease.NONE;

  /**
   * Makes a reader.
   *
   * @param endpoints that reads which addresses reach themselves
   * @param rejudging that reads which addresses are narrowed
   */
  SetReader(Findings findings, EndpointReader endpoints, RejudgeReader rejudging) {
    this.findings = findings;
    this.endpoints = endpoints;
    this.rejudging = rejudging;
  }

  /** Returns what of the table only the node knows. */
  LocalSets local() {
    return new LocalSets(links, known, guardLinks, openCidrs);
  }

  /** Returns how long the guard of new pods still stands. */
  GuardLease guard() {
    return guard;
  }

  void read(String name, ObjectNode object) {
    var key = "set/" + name;
    for (var family : Family.values()) {
      if (name.equals(ObjectNames.self(family))) {
        readSelf(key, object, family);
        return;
      }
      if (name.equals(ObjectNames.known(family))) {
        readKnown(key, object, family);
        return;
      }
      if (name.equals(ObjectNames.narrowed(family))) {
        readNarrowed(key, object, family);
        return;
      }
    }
    for (var deny : DenyChain.all()) {
      if (name.equals(deny.set())) {
        readDenied(key, object, deny);
        return;
      }
    }
    if (GuardChain.sets().contains(name)) {
      readGuard(key, object);
    } else if (name.equals(ObjectNames.POD_LINKS)) {
      readLinks(key, object, "", links);
    } else if (name.equals(ObjectNames.GUARD_LINKS)) {
      readLinks(key, object, "interval", guardLinks);
    } else if (name.equals(ObjectNames.OPEN_CIDRS)) {
      readOpenCidrs(key, object);
    } else {
      readMembers(name, object);
    }
  }

  private void readSelf(String key, ObjectNode object, Family family) {
    if (isTyped(key, object, ElementReader.selfType(family), "")) {
      findings.found(key);
      object.path("elem").forEach(element -> endpoints.readSelf(key, element, family));
    }
  }

  private void readNarrowed(String key, ObjectNode object, Family family) {
    var type = JsonNodeFactory.instance.textNode(ObjectNames.address(family));
    if (isTyped(key, object, type, "")) {
      rejudging.readNarrowed(key, object.path("elem"));
    }
  }

  /** Passes over the elements: which addresses are counted is no part of the rules. */
  private void readDenied(String key, ObjectNode object, DenyChain deny) {
    if (!COUNTER.equals(object.remove("stmt"))) {
      findings.unexpected(key, "counts nothing");
      return;
    }
    var type = JsonNodeFactory.instance.textNode(ObjectNames.address(deny.family()));
    if (isTyped(key, object, type, "")) {
      findings.found(key);
    }
  }

  private void readGuard(String key, ObjectNode object) {
    if (!isTyped(key, object, GuardChain.SET_TYPE, "timeout")) {
      return;
    }
    findings.found(key);
    try {
      guard = guard.orLonger(GuardChain.lease(object.path("elem")));
    } catch (IllegalArgumentException e) {
      findings.unexpected(key, e.getMessage());
    }
  }

  private void readKnown(String key, ObjectNode object, Family family) {
    var type = JsonNodeFactory.instance.textNode(ObjectNames.address(family));
    if (!isTyped(key, object, type, "")) {
      return;
    }
    findings.found(key);
    for (var element : object.path("elem")) {
      try {
        known.add(ElementReader.address(element));
      } catch (IllegalArgumentException _) {
        findings.unexpected(key, element.toString());
      }
    }
  }

  private void readOpenCidrs(String key, ObjectNode object) {
    if (!isTyped(key, object, GuardChain.SET_TYPE, "")) {
      return;
    }
    findings.found(key);
    for (var element : object.path("elem")) {
      var family =
          Stream.of(Family.values())
              .filter(each -> GuardChain.family(each).equals(element.asText()))
              .findFirst();
      family.ifPresentOrElse(openCidrs::add, () -> findings.unexpected(key, element.toString()));
    }
  }

  private void readLinks(String key, ObjectNode object, String flag, SortedSet<String> into) {
    if (!isTyped(key, object, ElementReader.LINK_TYPE, flag)) {
      return;
    }
    findings.found(key);
    for (var element : object.path("elem")) {
      if (element.isTextual()) {
        into.add(element.asText());
      } else {
        findings.unexpected(key, element.toString());
      }
    }
  }

  private void readMembers(String name, ObjectNode object) {
    var key = "set/" + name;
    SetId id;
    try {
      id = SetId.parse(name);
    } catch (IllegalArgumentException _) {
      findings.unexpected(key, "a set of somebody else");
      return;
    }
    var flag = ElementReader.isInterval(id) ? "interval" : "";
    if (!isTyped(key, object, ElementReader.type(id), flag)) {
      return;
    }
    findings.add(new NodeRecord.AddressSet(id, ""));
    for (var element : object.path("elem")) {
      try {
        findings.add(new NodeRecord.Member(id, ElementReader.parse(id.kind(), element)));
      } catch (IllegalArgumentException _) {
        findings.unexpected(key, element.toString());
      }
    }
  }

  private boolean isTyped(String key, ObjectNode object, JsonNode type, String flag) {
    var flags = object.path("flags");
    var text = flags.isTextual() ? "[\"" + flags.asText() + "\"]" : flags.toString();
    var expected = flag.isEmpty() ? "" : "[\"" + flag + "\"]";
    if (!object.path("type").equals(type) || !text.equals(expected)) {
      findings.unexpected(key, "type " + object.path("type") + " flags " + text);
      return false;
    }
    return findings.hasOnly(key, object, List.of("type", "flags", "elem"));
  }
}
