/**
 * The cluster topic as a state of the cluster.
 *
 * <p>In: readings of {@code portcullis.cluster}. Out: its objects, whether they are whole, how far
 * they were read and what changed. It never compiles and never writes.
 */
package io.portcullis.compiler.replica;
