/**
 * The cluster topic to a replica of the cluster.
 *
 * <p>In: records of {@code portcullis.cluster}. Out: the objects that changed, whether they are
 * whole, and up to which position they were read. It never compiles and never writes.
 */
package io.portcullis.compiler.replica;
