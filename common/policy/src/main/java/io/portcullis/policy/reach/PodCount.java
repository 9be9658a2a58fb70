package io.portcullis.policy.reach;

import io.portcullis.net.Family;

/**
 * Pairs of pods of two namespaces, of one family of addresses. A pod and itself are no pair.
 *
 * @param open how many pairs there are of which the source reaches the destination
 * @param all how many pairs there are
 */
public record PodCount(Family family, String source, String destination, long open, long all) {}
