/**
 * Clusters as they may be, made from a seed.
 *
 * <p>In: a shape and a seed. Out: cluster objects, and pods that come and go in them. It never
 * compiles and never measures.
 */
package io.portcullis.bench.cluster;
