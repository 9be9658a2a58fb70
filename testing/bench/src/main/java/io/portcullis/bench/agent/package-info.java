/**
 * Measures how long a version takes from its records to the kernel, and how much memory it needs.
 *
 * <p>In: rule sets. Out: figures. It never sends a packet.
 */
package io.portcullis.bench.agent;
