/**
 * What all benchmarks share.
 *
 * <p>In: measured times. Out: figures, a line each: {@code name value unit}. It never measures.
 */
package io.portcullis.bench.figures;
