/**
 * The compiler's publishing at scale, through a real broker, with the watcher and agents simulated.
 *
 * <p>In: the size of a cluster. Out: figures. It never asserts a bar.
 */
package io.portcullis.bench.scale;
