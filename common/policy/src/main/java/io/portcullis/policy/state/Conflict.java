package io.portcullis.policy.state;

import io.portcullis.cluster.ClusterObject.Pod;
import io.portcullis.net.IpAddress;

/** Two pods that count and have the same address (T11). */
public record Conflict(IpAddress address, Pod winner, Pod loser) {}
