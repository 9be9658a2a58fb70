package io.portcullis.validation;

import io.portcullis.cluster.Peer;
import io.portcullis.net.Cidr;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/** Reads prefixes and address blocks (N7). */
final class BlockReader {
  private static final int MAX_LENGTH = 64;

  private BlockReader() {}

  /** Returns an address block; empty if it is not valid. */
  static Optional<Peer> block(Field field) {
    if (!field.isObject()) {
      return Optional.empty();
    }
    field.hasOnly(Set.of("cidr", "except"));
    var cidrField = field.child("cidr");
    if (!cidrField.present() || (cidrField.isText() && cidrField.text().get().isEmpty())) {
      cidrField.required("");
      return Optional.empty();
    }
    var cidr = cidr(cidrField);
    if (cidr.isEmpty()) {
      return Optional.empty();
    }
    var holes = new ArrayList<Cidr>();
    for (var item : field.child("except").items()) {
      var hole = cidr(item);
      if (hole.isPresent() && !cidr.get().strictlyContains(hole.get())) {
        item.invalid("must be a strict subset of `cidr`");
      }
      hole.ifPresent(holes::add);
    }
    return Optional.of(new Peer.Block(cidr.get(), holes));
  }

  /** Returns a prefix; host bits are masked, with a warning (N7). */
  static Optional<Cidr> cidr(Field field) {
    return cidr(field, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  }

  /**
   * Returns a prefix.
   *
   * @param demand the API's message if the field has none
   */
  static Optional<Cidr> cidr(Field field, String demand) {
    if (!field.present()) {
      field.invalid(demand);
      return Optional.empty();
    }
    var text = field.text();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      var cidr = Cidr.parse(text.get().length() > MAX_LENGTH ? "" : text.get());
      warnOfHostBits(field, text.get(), cidr);
      return Optional.of(cidr);
    } catch (IllegalArgumentException e) {
      field.invalid(demand + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private static void warnOfHostBits(Field field, String text, Cidr cidr) {
    var address = text.substring(0, text.indexOf('/'));
    if (!io.portcullis.net.IpAddress.parse(address).equals(cidr.network())) {
      field.warn("CIDR value " + Quoted.text(text) + " has host bits set, it means " + cidr);
    }
  }
}
