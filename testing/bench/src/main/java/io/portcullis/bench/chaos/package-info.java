/**
 * A run of faults and changes by a seed, and what was wrong in it.
 *
 * <p>In: a seed, the log of versions, the kernels' transactions, what probes saw. Out: what to do
 * when, and every contradiction. It never starts or ends a program of the lab itself.
 */
package io.portcullis.bench.chaos;
