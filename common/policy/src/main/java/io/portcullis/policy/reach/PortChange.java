package io.portcullis.policy.reach;

/** The ports that are allowed in each of two states. */
record PortChange(PortSet before, PortSet now) {

  static PortChange unchanged(PortSet ports) {
    return new PortChange(ports, ports);
  }

  PortChange and(PortChange other) {
    return new PortChange(before.and(other.before), now.and(other.now));
  }

  PortSet opened() {
    return now.minus(before);
  }

  PortSet closed() {
    return before.minus(now);
  }
}
