package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a tiered policy decides: before the NetworkPolicies of a pod, or after them (A1). */
public enum Tier {
  @JsonProperty("Admin")
  ADMIN,
  @JsonProperty("Baseline")
  BASELINE
}
