/**
 * Measures the compiler's core.
 *
 * <p>In: clusters of a shape. Out: figures of time, memory and span. It never touches a broker or a
 * kernel.
 */
package io.portcullis.bench.compile;
