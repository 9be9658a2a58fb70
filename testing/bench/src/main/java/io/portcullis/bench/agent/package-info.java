/**
 * How long a version takes from its records to the kernel, and what memory it takes.
 *
 * <p>In: rule sets. Out: figures. It never sends a packet.
 */
package io.portcullis.bench.agent;
