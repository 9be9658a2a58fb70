package io.portcullis.policy.reach;

import io.portcullis.net.IpAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** Addresses of pods and nodes of one family, in order and each with its number. */
final class KnownAddresses {
  private final List<IpAddress> addresses;
  private final Map<IpAddress, Integer> numbers;

  KnownAddresses(SortedSet<IpAddress> known) {
    this.addresses = List.copyOf(known);
    this.numbers = HashMap.newHashMap(addresses.size());
    for (var number = 0; number < addresses.size(); number++) {
      numbers.put(addresses.get(number), number);
    }
  }

  List<IpAddress> inOrder() {
    return addresses;
  }

  int size() {
    return addresses.size();
  }

  IpAddress get(int number) {
    return addresses.get(number);
  }

  /** Returns the number of an address, or -1 when it is none of these. */
  int number(IpAddress address) {
    return numbers.getOrDefault(address, -1);
  }

  /** Returns the addresses from this one on. */
  List<IpAddress> from(IpAddress address) {
    var found = Collections.binarySearch(addresses, address);
    return addresses.subList(found >= 0 ? found : -found - 1, addresses.size());
  }
}
