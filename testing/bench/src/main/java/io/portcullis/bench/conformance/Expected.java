package io.portcullis.bench.conformance;

import io.portcullis.net.Flow;
import io.portcullis.oracle.Oracle;

/** What probes of a cluster are expected to see. */
interface Expected {

  /** Tells whether a flow to another address passes. */
  boolean allowed(Flow flow);

  /** Tells whether a pod reaches itself through a service (A12); both ends are its address. */
  boolean allowedThroughService(Flow flow);

  /** Returns what policies mean. */
  static Expected of(Oracle oracle) {
    return new Expected() {
      @Override
      public boolean allowed(Flow flow) {
        return oracle.allowed(flow);
      }

      @Override
      public boolean allowedThroughService(Flow flow) {
        return oracle.allowedThroughService(flow.source(), flow.port());
      }
    };
  }
}
