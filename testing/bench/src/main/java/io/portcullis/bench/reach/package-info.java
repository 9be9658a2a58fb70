/**
 * Measures questions about all flows.
 *
 * <p>In: clusters of a shape. Out: figures of time and memory. It never touches a broker or a
 * kernel.
 */
package io.portcullis.bench.reach;
