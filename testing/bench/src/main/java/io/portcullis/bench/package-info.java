/**
 * The benchmarks' program and its commands.
 *
 * <p>In: arguments. Out: figures, a line each, and the exit code. It never touches a network
 * namespace that it has not created.
 */
package io.portcullis.bench;
