package io.portcullis.agent.state;

import io.portcullis.net.IpAddress;
import io.portcullis.ruleset.RuleSet;
import io.portcullis.ruleset.RuleSetChange;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The version that was last in the kernel, as the node's disk keeps it.
 *
 * @param rules what the kernel held of it
 */
public record SavedVersion(Header header, RuleSet rules) {
  /** The number of the format that this agent writes and reads. */
  static final int FORMAT = 1;

  /**
   * What is known of the version beside its rules.
   *
   * @param format of the file
   * @param node whose version it is
   * @param bootId the kernel's, when the version was enforced
   * @param version the version's number
   * @param topicId the id of the topic that it came from
   * @param digest that its marker names
   * @param micros when it was programmed, in microseconds since 1970
   * @param links of the pods' addresses, where they were routed to one
   */
  public record Header(
      int format,
      String node,
      String bootId,
      long version,
      String topicId,
      String digest,
      long micros,
      SortedMap<String, String> links) {
    public Header {
      links = links == null ? new TreeMap<>() : new TreeMap<>(links);
    }

    /** Returns whether the version was enforced since the kernel's last boot. */
    public boolean isOfBoot(BootId boot) {
      return boot.isKnown() && boot.text().equals(bootId);
    }

    Header with(SortedMap<String, String> others) {
      return new Header(format, node, bootId, version, topicId, digest, micros, others);
    }
  }

  /**
   * Returns the rules without the endpoints whose address is not routed to the same link as then: a
   * pod that is gone, or another pod (C3).
   *
   * @param links of the pods' addresses now
   */
  public RuleSet rulesOf(Map<String, String> links) {
    var draft = new RuleSetChange.Draft(rules);
    for (var endpoint : rules.endpoints()) {
      var then = header.links().get(endpoint.ip().toString());
      if (then == null || !then.equals(links.get(endpoint.ip().toString()))) {
        draft.remove(endpoint.key());
      }
    }
    return draft.done().applyTo(rules);
  }

  /** Returns the rules of a node whose pods are all unknown: its pod CIDRs alone. */
  public RuleSet closed() {
    return RuleSet.of(rules.podCidrs());
  }

  /** Returns the links as a header has them. */
  static SortedMap<String, String> text(Map<IpAddress, String> links) {
    var text = new TreeMap<String, String>();
    links.forEach((ip, link) -> text.put(ip.toString(), link));
    return text;
  }
}
