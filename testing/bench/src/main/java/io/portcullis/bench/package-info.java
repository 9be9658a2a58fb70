/**
 * The commands {@code bench agent} and {@code bench dataplane}.
 *
 * <p>In: arguments. Out: figures, a line each, and the exit code. It never touches a network
 * namespace that it has not made.
 */
package io.portcullis.bench;
