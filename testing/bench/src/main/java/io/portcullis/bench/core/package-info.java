/**
 * Measures the hot paths of the core one by one, with JMH.
 *
 * <p>In: a cluster of a shape. Out: the time of one operation. It never touches a broker or a
 * kernel.
 */
package io.portcullis.bench.core;
