/**
 * A run of faults and changes by a seed, and what of it was wrong.
 *
 * <p>In: a seed, the log of versions, the kernels' transactions, what probes saw. Out: what is to
 * be done when, and every contradiction. It never starts or ends a program of the lab itself.
 */
package io.portcullis.bench.chaos;
