/**
 * Measures how live connections end (C2).
 *
 * <p>In: a router whose kernel tracks many connections, and floods in both directions. Out: packets
 * that passed though the version in force denies them, and the agent's processor time.
 */
package io.portcullis.bench.connections;
