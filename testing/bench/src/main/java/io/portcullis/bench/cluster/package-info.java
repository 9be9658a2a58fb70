/**
 * Realistic clusters, generated from a seed.
 *
 * <p>In: a shape and a seed. Out: cluster objects, and pods that are added and deleted in them. It
 * never compiles and never measures.
 */
package io.portcullis.bench.cluster;
