package io.portcullis.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The tier of a policy, which decides before the NetworkPolicies of a pod or after them (A1). */
public enum Tier {
  @JsonProperty("Admin")
  ADMIN,
  @JsonProperty("Baseline")
  BASELINE
}
