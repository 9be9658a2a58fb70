/**
 * Measures the compiler's publishing at scale, through a real broker, with simulated watcher and
 * agents.
 *
 * <p>In: the size of a cluster. Out: figures. It never asserts a bar.
 */
package io.portcullis.bench.scale;
