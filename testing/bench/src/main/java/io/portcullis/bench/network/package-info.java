/**
 * Network namespaces of a benchmark's own, and traffic through them.
 *
 * <p>In: addresses. Out: a router between a sender and a receiver, and how many packets came to it
 * and passed. It never says what may pass.
 */
package io.portcullis.bench.network;
